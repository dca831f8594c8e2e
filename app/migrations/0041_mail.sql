-- That a person's e-mail address does not work. It counts while it is still their address.
CREATE TABLE mail_fault (
    trust TEXT NOT NULL,
    person TEXT NOT NULL,
    email TEXT NOT NULL,
    found_at BIGINT NOT NULL,
    PRIMARY KEY (trust, person),
    FOREIGN KEY (trust, person) REFERENCES person (trust, id)
);
