-- The rules that cases run under: a register as it was defined, with the settings of the school. Never changed once
-- written; named by the hash of their text.
CREATE TABLE case_rules (
    trust TEXT NOT NULL,
    id TEXT NOT NULL,
    rules TEXT NOT NULL,
    PRIMARY KEY (trust, id),
    FOREIGN KEY (trust) REFERENCES trust (trust)
);

-- A case in a register. The answers are sealed under the key of the record 'case_file/ID'. 'revision' counts its
-- changes, so that of two people acting at once the second is told.
CREATE TABLE case_file (
    trust TEXT NOT NULL,
    id TEXT NOT NULL,
    register TEXT NOT NULL,
    rules TEXT NOT NULL,
    reference TEXT NOT NULL,
    school TEXT,
    state TEXT NOT NULL,
    opened_by TEXT,
    subject_kind TEXT,
    subject TEXT,
    handler TEXT,
    opened_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    closed_at BIGINT,
    revision BIGINT NOT NULL,
    paper BIGINT NOT NULL CHECK (paper IN (0, 1)),
    filed BIGINT NOT NULL CHECK (filed IN (0, 1)),
    disclosed BIGINT NOT NULL CHECK (disclosed IN (0, 1)),
    in_force BIGINT NOT NULL CHECK (in_force IN (0, 1)),
    in_force_until TEXT,
    answers BYTEA NOT NULL,
    PRIMARY KEY (trust, id),
    UNIQUE (trust, reference),
    FOREIGN KEY (trust, rules) REFERENCES case_rules (trust, id),
    FOREIGN KEY (trust, school) REFERENCES school (trust, id)
);
CREATE INDEX case_file_rules ON case_file (trust, rules);
CREATE INDEX case_file_school ON case_file (trust, school, register);
CREATE INDEX case_file_subject ON case_file (trust, subject, register);
CREATE INDEX case_file_opener ON case_file (trust, opened_by, register);

-- What was done to a case, the opening first. Who did it, the note and the answers are sealed with the case.
CREATE TABLE case_step (
    trust TEXT NOT NULL,
    case_id TEXT NOT NULL,
    number BIGINT NOT NULL,
    step TEXT NOT NULL,
    person TEXT,
    at BIGINT NOT NULL,
    content BYTEA NOT NULL,
    PRIMARY KEY (trust, case_id, number),
    FOREIGN KEY (trust, case_id) REFERENCES case_file (trust, id)
);

-- Who sees a case, and for whom it waits. An audience is 'person/ID', 'role/SCHOOL/ROLE' or, for those who hold the
-- role at the whole trust, 'role/*/ROLE'. Worked out anew with every step.
CREATE TABLE case_access (
    trust TEXT NOT NULL,
    audience TEXT NOT NULL,
    case_id TEXT NOT NULL,
    outline BIGINT NOT NULL CHECK (outline IN (0, 1)),
    waits BIGINT NOT NULL CHECK (waits IN (0, 1)),
    PRIMARY KEY (trust, audience, case_id),
    FOREIGN KEY (trust, case_id) REFERENCES case_file (trust, id)
);
CREATE INDEX case_access_case ON case_access (trust, case_id);
CREATE INDEX case_access_waits ON case_access (trust, audience, waits, case_id);

-- Cases that belong together, each pair once in each direction.
CREATE TABLE case_link (
    trust TEXT NOT NULL,
    case_id TEXT NOT NULL,
    linked TEXT NOT NULL,
    PRIMARY KEY (trust, case_id, linked),
    FOREIGN KEY (trust, case_id) REFERENCES case_file (trust, id),
    FOREIGN KEY (trust, linked) REFERENCES case_file (trust, id)
);
CREATE INDEX case_link_linked ON case_link (trust, linked);

-- The deadlines of a case; one that began again has a row for each time.
CREATE TABLE case_deadline (
    trust TEXT NOT NULL,
    case_id TEXT NOT NULL,
    deadline TEXT NOT NULL,
    began_at BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    ended_at BIGINT,
    passed_at BIGINT,
    PRIMARY KEY (trust, case_id, deadline, began_at),
    FOREIGN KEY (trust, case_id) REFERENCES case_file (trust, id)
);

-- The last number given to a case of a register in a year.
CREATE TABLE case_number (
    trust TEXT NOT NULL,
    prefix TEXT NOT NULL,
    year BIGINT NOT NULL,
    last BIGINT NOT NULL,
    PRIMARY KEY (trust, prefix, year),
    FOREIGN KEY (trust) REFERENCES trust (trust)
);

-- A form that somebody has begun. The answers are sealed under the key of the record 'case_draft/ID'.
CREATE TABLE case_draft (
    trust TEXT NOT NULL,
    id TEXT NOT NULL,
    register TEXT NOT NULL,
    person TEXT NOT NULL,
    school TEXT,
    changed_at BIGINT NOT NULL,
    answers BYTEA NOT NULL,
    PRIMARY KEY (trust, id),
    FOREIGN KEY (trust, person) REFERENCES person (trust, id),
    FOREIGN KEY (trust, school) REFERENCES school (trust, id)
);
CREATE INDEX case_draft_person ON case_draft (trust, person, changed_at);
CREATE INDEX case_draft_school ON case_draft (trust, school);

-- What a school has changed of a register's settings; the latest version holds.
CREATE TABLE register_settings (
    trust TEXT NOT NULL,
    id TEXT NOT NULL,
    school TEXT NOT NULL,
    register TEXT NOT NULL,
    version BIGINT NOT NULL,
    values_json TEXT NOT NULL,
    changed_at BIGINT NOT NULL,
    changed_by TEXT,
    PRIMARY KEY (trust, id),
    UNIQUE (trust, school, register, version),
    FOREIGN KEY (trust, school) REFERENCES school (trust, id)
);
