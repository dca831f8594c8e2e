-- Who holds a role elsewhere in the trust is asked with every case that may need a second person.
CREATE INDEX held_role_role ON held_role (trust, role, school);
