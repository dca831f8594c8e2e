-- Names and address of a person in lower case without accents, for searching and sorting.
ALTER TABLE person ADD COLUMN search TEXT NOT NULL DEFAULT '';
-- When a person's data were erased; their row stays, because other records name it.
ALTER TABLE person ADD COLUMN erased_at BIGINT;
CREATE INDEX person_search ON person (trust, search, id);

-- 'born' is sealed under the key of the record 'pupil/ID'.
CREATE TABLE pupil (
    trust TEXT NOT NULL,
    id TEXT NOT NULL,
    school TEXT NOT NULL,
    given_name TEXT NOT NULL,
    family_name TEXT NOT NULL,
    known_as TEXT,
    year TEXT,
    class TEXT,
    born BYTEA,
    left_on TEXT,
    search TEXT NOT NULL,
    demonstration BIGINT NOT NULL CHECK (demonstration IN (0, 1)),
    PRIMARY KEY (trust, id),
    FOREIGN KEY (trust, school) REFERENCES school (trust, id)
);
CREATE INDEX pupil_school ON pupil (trust, school, search);
CREATE INDEX pupil_search ON pupil (trust, search, id);

-- A parent or carer. 'email' and 'phone' are sealed under the key of the record 'guardian/ID'.
CREATE TABLE guardian (
    trust TEXT NOT NULL,
    id TEXT NOT NULL,
    given_name TEXT NOT NULL,
    family_name TEXT NOT NULL,
    email BYTEA,
    phone BYTEA,
    search TEXT NOT NULL,
    demonstration BIGINT NOT NULL CHECK (demonstration IN (0, 1)),
    PRIMARY KEY (trust, id),
    FOREIGN KEY (trust) REFERENCES trust (trust)
);
CREATE INDEX guardian_search ON guardian (trust, search, id);

CREATE TABLE guardian_of (
    trust TEXT NOT NULL,
    guardian TEXT NOT NULL,
    pupil TEXT NOT NULL,
    PRIMARY KEY (trust, guardian, pupil),
    FOREIGN KEY (trust, guardian) REFERENCES guardian (trust, id),
    FOREIGN KEY (trust, pupil) REFERENCES pupil (trust, id)
);
CREATE INDEX guardian_of_pupil ON guardian_of (trust, pupil);
