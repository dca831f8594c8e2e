-- Who looks after an official account, posts on it or may open its log-in, since when and until when. The account is the
-- case in the register 'account'.
CREATE TABLE account_keeper (
    trust TEXT NOT NULL,
    id TEXT NOT NULL,
    case_id TEXT NOT NULL,
    person TEXT NOT NULL,
    part TEXT NOT NULL CHECK (part IN ('administrator', 'poster', 'log-in')),
    named_at BIGINT NOT NULL,
    named_by TEXT,
    ended_at BIGINT,
    PRIMARY KEY (trust, id),
    FOREIGN KEY (trust, case_id) REFERENCES case_file (trust, id),
    FOREIGN KEY (trust, person) REFERENCES person (trust, id)
);
CREATE INDEX account_keeper_case ON account_keeper (trust, case_id);
CREATE INDEX account_keeper_person ON account_keeper (trust, person);
