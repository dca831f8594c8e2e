//! Faces are found where they are, and none where nobody is.

use picture::{Clean, Limits, blur, find};

fn measured(name: &str) -> Clean {
    let path = format!("{}/measured/{name}.jpg", env!("CARGO_MANIFEST_DIR"));
    Clean::from_upload(&std::fs::read(path).unwrap(), None, &Limits::default()).unwrap()
}

#[test]
fn everybody_in_a_group() {
    let faces = find(&measured("conference")).unwrap();
    assert_eq!(faces.len(), 29);
    assert!(faces.iter().all(|f| f.sure > 0.8));
}

#[test]
fn one_person_in_her_place() {
    // As another program (ONNX Runtime) reads the same model: 178, 63, 90 by 113, 0.93 sure.
    let faces = find(&measured("astronaut")).unwrap();
    let [face] = faces.as_slice() else {
        panic!("{faces:?}");
    };
    let near = |a: u32, b: u32| a.abs_diff(b) <= 4;
    let place = face.place;
    assert!(
        near(place.x, 178) && near(place.y, 63) && near(place.width, 90) && near(place.height, 113),
        "{face:?}"
    );
    assert!((face.sure - 0.93).abs() < 0.03);
}

#[test]
fn nobody_where_nobody_is() {
    for name in ["coffee", "rocket", "bricks", "grass", "cat"] {
        assert_eq!(find(&measured(name)).unwrap(), [], "{name}");
    }
}

#[test]
fn the_same_every_time_and_gone_once_blurred() {
    let picture = measured("conference");
    let faces = find(&picture).unwrap();
    assert_eq!(faces, find(&picture).unwrap());
    let places: Vec<_> = faces.iter().map(|f| f.place).collect();
    let hidden = blur(&picture, &places, &Limits::default()).unwrap();
    // A soft patch may look a little like a face, but not like 29.
    let left = find(&hidden).unwrap();
    assert!(
        left.len() <= 2 && left.iter().all(|f| f.sure < 0.7),
        "{left:?}"
    );
}
