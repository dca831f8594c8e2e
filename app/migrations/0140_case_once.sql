-- Cases that the program opens by itself for somebody, each occasion once: a last day, a round of training.
CREATE TABLE case_once (
    trust TEXT NOT NULL,
    person TEXT NOT NULL,
    occasion TEXT NOT NULL,
    case_id TEXT NOT NULL,
    PRIMARY KEY (trust, person, occasion),
    FOREIGN KEY (trust, person) REFERENCES person (trust, id)
);

-- Who leaves soon, or left lately.
CREATE INDEX person_leaving ON person (trust, ends_on);

-- The open cases that somebody looks after.
CREATE INDEX case_file_handler ON case_file (trust, handler, closed_at);
