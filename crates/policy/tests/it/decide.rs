//! The compiled table decides as the reference says.

use std::collections::BTreeSet;

use policy::policy_file::Clause;
use policy::situation::Situation;
use proptest::prelude::*;

use crate::naive::{self, Meaning};
use crate::random::{self, sketches};

proptest! {
    #[test]
    fn the_table_decides_as_the_reference_says(sketch in sketches()) {
        let vocabulary = sketch.vocabulary.load();
        let table = random::table(&sketch.policy, &sketch.vocabulary, &vocabulary);
        let references = |clauses: &[&Clause]| -> BTreeSet<String> {
            clauses.iter().map(|c| c.reference.clone()).collect()
        };
        for point in sketch.vocabulary.points() {
            let situation = Situation::new(point.clone());
            let decision = table.decide(&vocabulary, &situation, &[]);
            let decided = Meaning {
                verdict: table.verdict(&table.matches(&situation)),
                decided_by: references(&decision.decided_by),
                near: references(&decision.near),
                lifted: decision
                    .lifted
                    .iter()
                    .map(|l| (l.clause.reference.clone(), l.by.reference.clone()))
                    .collect(),
            };
            prop_assert_eq!(&decided, &naive::decide(&sketch.policy, &point), "{:?}", point);
            prop_assert_eq!(decision.standing, decided.verdict.standing);
        }
    }
}
