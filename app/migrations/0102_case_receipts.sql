-- The receipt of a case that somebody without an account opened: the hash of a code that was shown once.
CREATE TABLE case_receipt (
    trust TEXT NOT NULL,
    code_hash TEXT NOT NULL,
    case_id TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    PRIMARY KEY (trust, code_hash),
    FOREIGN KEY (trust, case_id) REFERENCES case_file (trust, id)
);
CREATE INDEX case_receipt_case ON case_receipt (trust, case_id);

-- How often a client without an account sent something in an hour. A client is a keyed hash of its network address and
-- of what it did; rows of earlier hours are dropped.
CREATE TABLE case_client (
    trust TEXT NOT NULL,
    client TEXT NOT NULL,
    hour BIGINT NOT NULL,
    sent BIGINT NOT NULL,
    PRIMARY KEY (trust, client),
    FOREIGN KEY (trust) REFERENCES trust (trust)
);
CREATE INDEX case_client_hour ON case_client (trust, hour);
