-- A school that was loaded with the demonstration data.
ALTER TABLE school ADD COLUMN demonstration BIGINT NOT NULL DEFAULT 0;

-- The policy that a school follows, from a day up to and with another. The hash is that of the
-- policy's text on the day on which somebody adopted it.
CREATE TABLE school_policy (
    trust TEXT NOT NULL,
    id TEXT NOT NULL,
    school TEXT NOT NULL,
    policy TEXT NOT NULL,
    content_hash TEXT NOT NULL,
    since TEXT NOT NULL,
    until TEXT,
    PRIMARY KEY (trust, id),
    FOREIGN KEY (trust, school) REFERENCES school (trust, id)
);
CREATE UNIQUE INDEX school_policy_since ON school_policy (trust, school, since);

-- Somebody outside the school whom it turns to. Those inside are known by the roles they hold.
CREATE TABLE school_contact (
    trust TEXT NOT NULL,
    id TEXT NOT NULL,
    school TEXT NOT NULL,
    role TEXT NOT NULL,
    name TEXT NOT NULL,
    organisation TEXT,
    email TEXT,
    phone TEXT,
    PRIMARY KEY (trust, id),
    FOREIGN KEY (trust, school) REFERENCES school (trust, id)
);
CREATE INDEX school_contact_school ON school_contact (trust, school, role);

-- Terms, closed days and the week's bands, as JSON: they are read and written whole.
CREATE TABLE school_calendar (
    trust TEXT NOT NULL,
    school TEXT NOT NULL,
    terms TEXT NOT NULL,
    closed TEXT NOT NULL,
    week TEXT NOT NULL,
    PRIMARY KEY (trust, school),
    FOREIGN KEY (trust, school) REFERENCES school (trust, id)
);
