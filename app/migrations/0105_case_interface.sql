-- A request of a program that carries a key: sent again with the same key, it gets the first answer. Kept for a day.
-- 'request' is the digest of what was asked; the answer holds references and revisions, no details.
CREATE TABLE case_request (
    trust TEXT NOT NULL,
    person TEXT NOT NULL,
    request_key TEXT NOT NULL,
    request TEXT NOT NULL,
    answer TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    PRIMARY KEY (trust, person, request_key),
    FOREIGN KEY (trust, person) REFERENCES person (trust, id)
);

-- The secret address of a person's calendar of deadlines: one for each person, known by the hash of its secret.
CREATE TABLE calendar_feed (
    trust TEXT NOT NULL,
    id TEXT NOT NULL,
    person TEXT NOT NULL,
    secret_hash TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    PRIMARY KEY (trust, id),
    UNIQUE (trust, person),
    FOREIGN KEY (trust, person) REFERENCES person (trust, id)
);
