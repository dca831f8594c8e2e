-- An import of a roster, from the upload to its undoing. 'detail' is JSON: what was left out, what
-- is wrong, how much changes. 'seen_size' is the size of the ledger when the preview was made;
-- 'first_event' and 'events' say which events the import made.
CREATE TABLE roster_import (
    trust TEXT NOT NULL,
    id TEXT NOT NULL,
    at BIGINT NOT NULL,
    person TEXT,
    name TEXT NOT NULL,
    source TEXT NOT NULL,
    files TEXT NOT NULL,
    mode TEXT NOT NULL CHECK (mode IN ('file-wins', 'keep-ours', 'only-add')),
    state TEXT NOT NULL CHECK (state IN ('mapping', 'waiting', 'ready', 'refused', 'applying',
        'applied', 'undoing', 'undone', 'cancelled')),
    done BIGINT NOT NULL,
    total BIGINT NOT NULL,
    detail TEXT NOT NULL,
    seen_size BIGINT NOT NULL,
    first_event BIGINT,
    events BIGINT,
    PRIMARY KEY (trust, id),
    FOREIGN KEY (trust) REFERENCES trust (trust)
);
CREATE INDEX roster_import_at ON roster_import (trust, at);

-- What was handed in, until it is imported or given up; sealed under the key of the import.
CREATE TABLE roster_part (
    trust TEXT NOT NULL,
    import TEXT NOT NULL,
    number BIGINT NOT NULL,
    content BYTEA NOT NULL,
    PRIMARY KEY (trust, import, number),
    FOREIGN KEY (trust, import) REFERENCES roster_import (trust, id)
);

-- A change that an import would make. 'merge' says of somebody who was matched by e-mail address
-- whether they are the same person. 'content' (name, before, after) is sealed under the key of the
-- import.
CREATE TABLE roster_change (
    trust TEXT NOT NULL,
    import TEXT NOT NULL,
    number BIGINT NOT NULL,
    record_kind TEXT NOT NULL,
    record TEXT NOT NULL,
    change TEXT NOT NULL CHECK (change IN ('add', 'change', 'end', 'return', 'link')),
    external_id TEXT,
    merge TEXT CHECK (merge IN ('same', 'apart')),
    content BYTEA NOT NULL,
    PRIMARY KEY (trust, import, number),
    FOREIGN KEY (trust, import) REFERENCES roster_import (trust, id)
);
CREATE INDEX roster_change_listed ON roster_change (trust, import, record_kind, change, number);
CREATE INDEX roster_change_record ON roster_change (trust, import, record);

-- Which record an id of a roster stands for. A record may have several: ids change when a school
-- changes the system that its roster comes from.
CREATE TABLE roster_link (
    trust TEXT NOT NULL,
    record_kind TEXT NOT NULL,
    external_id TEXT NOT NULL,
    record TEXT NOT NULL,
    import TEXT NOT NULL,
    PRIMARY KEY (trust, record_kind, external_id),
    FOREIGN KEY (trust, import) REFERENCES roster_import (trust, id)
);
CREATE INDEX roster_link_record ON roster_link (trust, record_kind, record);
CREATE INDEX roster_link_import ON roster_link (trust, import);

-- How a list's columns were mapped the last time, by the kind of list.
CREATE TABLE roster_mapping (
    trust TEXT NOT NULL,
    kind TEXT NOT NULL,
    mapping TEXT NOT NULL,
    PRIMARY KEY (trust, kind),
    FOREIGN KEY (trust) REFERENCES trust (trust)
);
