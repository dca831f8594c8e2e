-- A post to one account: one row for each post and account, from the draft on. 'content' is the copy of what went out, sealed
-- under the key of the post's case; 'hash' is the SHA-256 of the copy, in hexadecimal. Times are milliseconds since 1970.
CREATE TABLE post_sending (
    trust TEXT NOT NULL,
    id TEXT NOT NULL,
    case_id TEXT NOT NULL,
    account TEXT NOT NULL,
    school TEXT,
    state TEXT NOT NULL CHECK (state IN ('planned', 'queued', 'sending', 'unknown', 'asked', 'handed-over', 'published',
        'failed', 'removing', 'removed')),
    by_hand BIGINT NOT NULL CHECK (by_hand IN (0, 1)),
    due_at BIGINT,
    attempt BIGINT NOT NULL,
    claimed_at BIGINT,
    remote TEXT,
    address TEXT,
    published_at BIGINT,
    removed_at BIGINT,
    why TEXT NOT NULL,
    hash TEXT,
    content BYTEA,
    PRIMARY KEY (trust, id),
    UNIQUE (trust, case_id, account),
    FOREIGN KEY (trust, case_id) REFERENCES case_file (trust, id)
);
CREATE INDEX post_sending_due ON post_sending (trust, state, due_at);
CREATE INDEX post_sending_public ON post_sending (trust, school, state, published_at);

-- A pupil whom a post shows, names, or both.
CREATE TABLE post_pupil (
    trust TEXT NOT NULL,
    id TEXT NOT NULL,
    case_id TEXT NOT NULL,
    pupil TEXT NOT NULL,
    shown TEXT NOT NULL CHECK (shown IN ('no', 'group', 'alone')),
    named BIGINT NOT NULL CHECK (named IN (0, 1)),
    PRIMARY KEY (trust, id),
    UNIQUE (trust, case_id, pupil),
    FOREIGN KEY (trust, case_id) REFERENCES case_file (trust, id)
);
CREATE INDEX post_pupil_pupil ON post_pupil (trust, pupil);

-- A picture of a post, in its place, with what is said of it to those who cannot see it. The file is an attachment of the case;
-- 'hash' is its SHA-256, in
-- hexadecimal; the description is sealed under the key of the case.
CREATE TABLE post_picture (
    trust TEXT NOT NULL,
    id TEXT NOT NULL,
    case_id TEXT NOT NULL,
    attachment TEXT NOT NULL,
    place BIGINT NOT NULL,
    hash TEXT NOT NULL,
    alt BYTEA NOT NULL,
    PRIMARY KEY (trust, id),
    FOREIGN KEY (trust, case_id) REFERENCES case_file (trust, id)
);
CREATE INDEX post_picture_case ON post_picture (trust, case_id);

-- Somebody held every scheduled post of a school, or of the whole trust where no school is named.
CREATE TABLE post_hold (
    trust TEXT NOT NULL,
    id TEXT NOT NULL,
    school TEXT,
    placed_at BIGINT NOT NULL,
    placed_by TEXT,
    lifted_at BIGINT,
    lifted_by TEXT,
    PRIMARY KEY (trust, id)
);
CREATE INDEX post_hold_open ON post_hold (trust, lifted_at);
