-- What the program opened of itself for a policy at a school, once each: the review of a version, and an edition of
-- guidance that has replaced the one which the policy names.
CREATE TABLE policy_watch (
    trust TEXT NOT NULL,
    school TEXT NOT NULL,
    policy TEXT NOT NULL,
    what TEXT NOT NULL,
    noticed_at BIGINT NOT NULL,
    PRIMARY KEY (trust, school, policy, what),
    FOREIGN KEY (trust, school) REFERENCES school (trust, id)
);
