-- That the families of some of a school's pupils are asked. 'reached' is the last pupil who was seen to.
CREATE TABLE consent_asking (
    trust TEXT NOT NULL,
    id TEXT NOT NULL,
    school TEXT NOT NULL,
    year TEXT,
    class TEXT,
    pupil TEXT,
    whom TEXT NOT NULL CHECK (whom IN ('everybody', 'unanswered')),
    started_at BIGINT NOT NULL,
    started_by TEXT,
    total BIGINT NOT NULL,
    asked BIGINT NOT NULL,
    reached TEXT NOT NULL,
    ended_at BIGINT,
    PRIMARY KEY (trust, id),
    FOREIGN KEY (trust, school) REFERENCES school (trust, id)
);
CREATE INDEX consent_asking_school ON consent_asking (trust, school, started_at);

-- A link by which a parent or carer answers for one pupil. It is signed, not secret in itself; nobody is named where
-- nobody is on record. 'by_mail' says whether it goes out by e-mail; otherwise it is printed.
CREATE TABLE consent_link (
    trust TEXT NOT NULL,
    id TEXT NOT NULL,
    case_id TEXT NOT NULL,
    asking TEXT NOT NULL,
    guardian TEXT,
    made_at BIGINT NOT NULL,
    valid_until TEXT NOT NULL,
    revoked_at BIGINT,
    by_mail BIGINT NOT NULL CHECK (by_mail IN (0, 1)),
    PRIMARY KEY (trust, id),
    FOREIGN KEY (trust, case_id) REFERENCES case_file (trust, id),
    FOREIGN KEY (trust, asking) REFERENCES consent_asking (trust, id)
);
CREATE INDEX consent_link_case ON consent_link (trust, case_id);
CREATE INDEX consent_link_asking ON consent_link (trust, asking, id);
CREATE INDEX consent_link_guardian ON consent_link (trust, guardian);

-- What one giver said about one pupil. 'limits' is sealed under the key of the record 'consent_answer/ID'.
CREATE TABLE consent_answer (
    trust TEXT NOT NULL,
    id TEXT NOT NULL,
    case_id TEXT NOT NULL,
    guardian TEXT,
    given_by TEXT NOT NULL CHECK (given_by IN ('parent', 'other', 'pupil')),
    how TEXT NOT NULL CHECK (how IN ('link', 'paper', 'word')),
    website TEXT NOT NULL CHECK (website IN ('no', 'group', 'unnamed', 'named')),
    social TEXT NOT NULL CHECK (social IN ('no', 'group', 'unnamed', 'named')),
    press TEXT NOT NULL CHECK (press IN ('no', 'group', 'unnamed', 'named')),
    limits BYTEA,
    given_on TEXT NOT NULL,
    valid_until TEXT NOT NULL,
    answered_at BIGINT NOT NULL,
    PRIMARY KEY (trust, id),
    FOREIGN KEY (trust, case_id) REFERENCES case_file (trust, id)
);
CREATE INDEX consent_answer_case ON consent_answer (trust, case_id);
CREATE INDEX consent_answer_guardian ON consent_answer (trust, guardian);
