-- What cases are found by: a keyed hash of each word that their registers let be searched, and of each person whom
-- they name. No word can be read back from it. Written with the case, and gone with it.
CREATE TABLE case_word (
    trust TEXT NOT NULL,
    word TEXT NOT NULL,
    case_id TEXT NOT NULL,
    PRIMARY KEY (trust, word, case_id),
    FOREIGN KEY (trust, case_id) REFERENCES case_file (trust, id)
);
CREATE INDEX case_word_case ON case_word (trust, case_id);
