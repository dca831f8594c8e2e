-- What the open case of each pupil in the register 'consent' says, for finding pupils by it. The case itself, which is
-- sealed and in the ledger, decides.
CREATE TABLE consent_standing (
    trust TEXT NOT NULL,
    case_id TEXT NOT NULL,
    pupil TEXT NOT NULL,
    state TEXT NOT NULL,
    website TEXT NOT NULL CHECK (website IN ('no', 'group', 'unnamed', 'named')),
    social TEXT NOT NULL CHECK (social IN ('no', 'group', 'unnamed', 'named')),
    press TEXT NOT NULL CHECK (press IN ('no', 'group', 'unnamed', 'named')),
    limits BIGINT NOT NULL CHECK (limits IN (0, 1)),
    valid_until TEXT,
    PRIMARY KEY (trust, case_id),
    FOREIGN KEY (trust, case_id) REFERENCES case_file (trust, id)
);
CREATE INDEX consent_standing_pupil ON consent_standing (trust, pupil);
CREATE INDEX consent_standing_until ON consent_standing (trust, state, valid_until);
