-- A secret with which a program acts for a person, within a scope and until a day.
CREATE TABLE api_token (
    trust TEXT NOT NULL,
    id TEXT NOT NULL,
    person TEXT NOT NULL,
    name TEXT NOT NULL,
    scope TEXT NOT NULL,
    secret_hash TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    revoked_at BIGINT,
    used_at BIGINT,
    PRIMARY KEY (trust, id),
    FOREIGN KEY (trust, person) REFERENCES person (trust, id)
);
CREATE INDEX api_token_person ON api_token (trust, person);
