-- What was gathered of all that concerns one person, for the case of their request: one for each case, copied, and
-- sealed under the key of the record 'access_collection/CASE'.
CREATE TABLE access_collection (
    trust TEXT NOT NULL,
    case_id TEXT NOT NULL,
    -- Whom it is about: kind, identifier and name, sealed; and the record, by which it goes when they are erased.
    about BYTEA NOT NULL,
    about_record TEXT NOT NULL,
    begun_by TEXT,
    begun_at BIGINT NOT NULL,
    -- When all was gathered; none while the work is under way.
    gathered_at BIGINT,
    items BIGINT NOT NULL,
    content_hash TEXT NOT NULL,
    -- What was decided last, by number and choice.
    last_decided TEXT NOT NULL,
    PRIMARY KEY (trust, case_id),
    FOREIGN KEY (trust, case_id) REFERENCES case_file (trust, id)
);
CREATE INDEX access_collection_about ON access_collection (trust, about_record);

-- One thing of it. 'of_case' is the case that it was copied from, whose rules say who may look at it; 'routed' says
-- that whoever collects may not. The content is gone where that case was erased meanwhile.
CREATE TABLE access_item (
    trust TEXT NOT NULL,
    case_id TEXT NOT NULL,
    number BIGINT NOT NULL,
    source TEXT NOT NULL,
    of_case TEXT,
    routed BIGINT NOT NULL CHECK (routed IN (0, 1)),
    content BYTEA,
    choice TEXT CHECK (choice IN ('include', 'redact', 'withhold')),
    exemption TEXT,
    marks BYTEA,
    decided_at BIGINT,
    PRIMARY KEY (trust, case_id, number),
    FOREIGN KEY (trust, case_id) REFERENCES access_collection (trust, case_id)
);
CREATE INDEX access_item_of_case ON access_item (trust, of_case);

-- What was made of it to be given out, for whoever gives it out; in pieces, each sealed, until its time is over.
CREATE TABLE access_package (
    trust TEXT NOT NULL,
    id TEXT NOT NULL,
    case_id TEXT NOT NULL,
    made_for TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    size_bytes BIGINT NOT NULL,
    made_at BIGINT NOT NULL,
    until_at BIGINT NOT NULL,
    PRIMARY KEY (trust, id),
    FOREIGN KEY (trust, case_id) REFERENCES access_collection (trust, case_id)
);
CREATE INDEX access_package_case ON access_package (trust, case_id);
CREATE INDEX access_package_until ON access_package (trust, until_at);

CREATE TABLE access_piece (
    trust TEXT NOT NULL,
    package TEXT NOT NULL,
    number BIGINT NOT NULL,
    content BYTEA NOT NULL,
    PRIMARY KEY (trust, package, number),
    FOREIGN KEY (trust, package) REFERENCES access_package (trust, id)
);
