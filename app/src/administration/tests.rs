use super::ENTRIES;

#[test]
fn every_entry_leads_to_a_page_with_the_same_right() {
    let routes = crate::web::routes();
    for entry in ENTRIES {
        let found = routes
            .listed()
            .iter()
            .any(|route| route.path == entry.href && route.access == entry.access);
        assert!(found, "{}", entry.href);
    }
}
