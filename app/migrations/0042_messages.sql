-- What somebody is told. The content is sealed with the person's key, so that it goes with them.
CREATE TABLE message (
    trust TEXT NOT NULL,
    id TEXT NOT NULL,
    person TEXT NOT NULL,
    urgent BIGINT NOT NULL CHECK (urgent IN (0, 1)),
    content BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    read_at BIGINT,
    -- When it went out by e-mail, alone or in a day's summary.
    mailed_at BIGINT,
    PRIMARY KEY (trust, id),
    FOREIGN KEY (trust, person) REFERENCES person (trust, id)
);
CREATE INDEX message_person ON message (trust, person, created_at, id);

-- Which messages a person wants by e-mail as well; without a row, all at once.
CREATE TABLE message_preference (
    trust TEXT NOT NULL,
    person TEXT NOT NULL,
    by_mail TEXT NOT NULL CHECK (by_mail IN ('at-once', 'daily', 'urgent')),
    PRIMARY KEY (trust, person),
    FOREIGN KEY (trust, person) REFERENCES person (trust, id)
);
