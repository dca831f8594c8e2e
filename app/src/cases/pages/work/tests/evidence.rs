//! Files of evidence: added at any time or with a step, and downloaded.

use super::*;

/// A form with one file.
fn with_file(fields: &[(&str, &str)], name: &str, file: &str, content: &str) -> String {
    let mut body = String::new();
    for (field, value) in fields {
        body +=
            &format!("--B\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n");
    }
    body + &format!(
        "--B\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"{file}\"\r\n\r\n{content}\r\n--B--\r\n"
    )
}

#[tokio::test]
async fn evidence_is_added_at_any_time_or_with_a_step_and_downloaded() {
    let site = Site::open().await;
    let case = site.case("note").await;
    let address = format!("/cases/{}", case.id);
    let form = "multipart/form-data; boundary=B";
    let add = format!("{address}/evidence");
    let none = site
        .send_as(&site.hana, "POST", &add, (form, "--B--\r\n"))
        .await;
    assert!(
        none.text.contains("Choose at least one file."),
        "{}",
        none.text
    );
    let page = with_file(&[], "files", "page.html", "<html><script>");
    let refused = site.send_as(&site.hana, "POST", &add, (form, &page)).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        refused
            .text
            .contains("page.html: this file cannot be attached"),
        "{}",
        refused.text
    );
    // More than other requests may send.
    let text = with_file(
        &[],
        "files",
        "chat.txt",
        &"They wrote to me. ".repeat(2_000),
    );
    for outside in [&site.una, &site.person("Ivy", Role::It, Some("oak")).await] {
        let answer = site.send_as(outside, "POST", &add, (form, &text)).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND);
    }
    let added = site.send_as(&site.tom, "POST", &add, (form, &text)).await;
    assert_eq!(
        added.location,
        format!("{address}?done=evidence#evidence"),
        "{}",
        added.text
    );
    let page = site.get(&site.hana, &address).await.text;
    assert!(
        page.contains("chat.txt") && page.contains("36 KB") && page.contains("SHA-256"),
        "{page}"
    );
    let file = page.split(&format!("{add}/")).nth(1).unwrap();
    let file = format!("{add}/{}", file.split('"').next().unwrap());
    assert!(
        site.get(&site.hana, &file)
            .await
            .text
            .starts_with("They wrote to me. ")
    );
    assert_eq!(
        site.get(&site.una, &file).await.status,
        StatusCode::NOT_FOUND
    );

    site.send(
        &site.hana,
        "POST",
        &format!("{address}/steps/look"),
        "revision=1&seen=1&outcome=talk",
    )
    .await;
    let end = with_file(
        &[("revision", "2"), ("seen", "2"), ("note", "")],
        "files",
        "letter.txt",
        "Dear parents",
    );
    let taken = site
        .send_as(
            &site.hana,
            "POST",
            &format!("{address}/steps/end"),
            (form, &end),
        )
        .await;
    assert_eq!(taken.status, StatusCode::SEE_OTHER, "{}", taken.text);
    let page = site.get(&site.hana, &taken.location).await.text;
    assert!(
        page.contains("letter.txt") && page.contains("The case is over: Over."),
        "{page}"
    );
    assert!(!page.contains("Add evidence"), "{page}");
    let late = site.send_as(&site.hana, "POST", &add, (form, &text)).await;
    assert!(
        late.text.contains("This case is over") || late.text.contains("this case is over"),
        "{}",
        late.text
    );
}
