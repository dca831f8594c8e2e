-- The approved document that an installation attached to a version of a policy, in its own words.
CREATE TABLE policy_document (
    trust TEXT NOT NULL,
    id TEXT NOT NULL,
    policy TEXT NOT NULL,
    rules_hash TEXT NOT NULL,
    version TEXT,
    name TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    size_bytes BIGINT NOT NULL,
    attachment TEXT NOT NULL,
    added_at BIGINT NOT NULL,
    PRIMARY KEY (trust, id),
    UNIQUE (trust, policy, rules_hash)
);

-- What the approved document says at a clause.
CREATE TABLE policy_passage (
    trust TEXT NOT NULL,
    document TEXT NOT NULL,
    clause TEXT NOT NULL,
    passage TEXT NOT NULL,
    PRIMARY KEY (trust, document, clause),
    FOREIGN KEY (trust, document) REFERENCES policy_document (trust, id)
);
