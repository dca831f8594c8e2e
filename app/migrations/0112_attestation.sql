-- That a school asks its people to sign a version of its policy. Whoever joins later is asked too.
CREATE TABLE attestation_round (
    trust TEXT NOT NULL,
    id TEXT NOT NULL,
    school TEXT NOT NULL,
    policy TEXT NOT NULL,
    version TEXT,
    rules_hash TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    PRIMARY KEY (trust, id),
    UNIQUE (trust, school, rules_hash),
    FOREIGN KEY (trust, school) REFERENCES school (trust, id)
);

-- Who was asked in a round, by which case. The case itself says what came of it, and may be erased before this.
CREATE TABLE attestation_asked (
    trust TEXT NOT NULL,
    round TEXT NOT NULL,
    person TEXT NOT NULL,
    case_id TEXT NOT NULL,
    PRIMARY KEY (trust, round, person),
    FOREIGN KEY (trust, round) REFERENCES attestation_round (trust, id),
    FOREIGN KEY (trust, person) REFERENCES person (trust, id)
);
CREATE INDEX attestation_asked_person ON attestation_asked (trust, person);
