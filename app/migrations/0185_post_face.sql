-- A face on a picture of a post: where it is, and who a person says it is. Found by the program, or marked by a person ('found'
-- 0). Places and the size of the picture are in pixels of the upright picture. No number describes the face itself.
CREATE TABLE post_face (
    trust TEXT NOT NULL,
    id TEXT NOT NULL,
    case_id TEXT NOT NULL,
    picture TEXT NOT NULL,
    x BIGINT NOT NULL,
    y BIGINT NOT NULL,
    width BIGINT NOT NULL,
    height BIGINT NOT NULL,
    of_width BIGINT NOT NULL,
    of_height BIGINT NOT NULL,
    found BIGINT NOT NULL CHECK (found IN (0, 1)),
    who TEXT NOT NULL CHECK (who IN ('unsaid', 'pupil', 'adult', 'nobody', 'blurred')),
    pupil TEXT,
    PRIMARY KEY (trust, id),
    FOREIGN KEY (trust, case_id) REFERENCES case_file (trust, id),
    FOREIGN KEY (trust, picture) REFERENCES post_picture (trust, id)
);
CREATE INDEX post_face_case ON post_face (trust, case_id);
CREATE INDEX post_face_picture ON post_face (trust, picture);
