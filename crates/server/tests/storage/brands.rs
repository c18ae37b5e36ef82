//! How agencies show themselves: each its own, and to anybody by its address.

use billing::brand::{Colour, Image, ImageKind};
use server::storage::brands::{BrandRow, LogoRow};

use crate::ground::Ground;

fn logo(digest: &str, kind: ImageKind) -> LogoRow {
    LogoRow { digest: digest.to_owned(), image: Image { kind, width: 400, height: 100 } }
}

#[tokio::test]
async fn a_colour_and_a_logo_are_kept_apart_and_each_agencys_own() {
    let ground = Ground::open();
    let (scope, other) = (ground.agency("Northwind").await, ground.agency("Contoso").await);
    let brand = async |scope| ground.read(move |tx| tx.brand(scope)).await;
    assert_eq!(brand(scope).await, BrandRow::default());
    let accent = Colour::parse("#0b6480");
    ground.write(move |tx| tx.save_accent(scope, accent)).await.unwrap();
    let png = logo("abc", ImageKind::Png);
    let row = png.clone();
    ground.write(move |tx| tx.save_logo(scope, Some((&row, b"bytes")))).await.unwrap();
    assert_eq!(brand(scope).await, BrandRow { accent, logo: Some(png.clone()) });
    assert_eq!(brand(other).await, BrandRow::default());
    let bytes = async |scope| ground.read(move |tx| tx.logo(scope)).await;
    assert_eq!(bytes(scope).await.as_deref(), Some(&b"bytes"[..]));
    assert_eq!(bytes(other).await, None);

    let (agency, others) = (scope.agency(), other.agency());
    let published = async |agency, name: &'static str| {
        ground.read(move |tx| tx.published_logo(agency, name)).await
    };
    assert_eq!(published(agency, "abc").await, Some((ImageKind::Png, b"bytes".to_vec())));
    assert_eq!(published(agency, "abd").await, None);
    assert_eq!(published(others, "abc").await, None);
    let seen = ground.read(move |tx| tx.published_brand(agency)).await;
    assert_eq!(seen, BrandRow { accent, logo: Some(png) });

    // Another logo leaves no trace of the first; none leaves the colour.
    let jpeg = logo("def", ImageKind::Jpeg);
    ground.write(move |tx| tx.save_logo(scope, Some((&jpeg, b"other")))).await.unwrap();
    assert_eq!(published(agency, "abc").await, None);
    ground.write(move |tx| tx.save_logo(scope, None)).await.unwrap();
    assert_eq!(brand(scope).await, BrandRow { accent, logo: None });
    assert_eq!(bytes(scope).await, None);
    ground.write(move |tx| tx.save_accent(scope, None)).await.unwrap();
    assert_eq!(brand(scope).await, BrandRow::default());
}

#[tokio::test]
async fn an_agency_takes_another_name() {
    let ground = Ground::open();
    let (scope, other) = (ground.agency("Northwind").await, ground.agency("Contoso").await);
    let name = billing::text::Name::parse("Northwind & Sons").unwrap();
    let new = name.clone();
    ground.write(move |tx| tx.rename_agency(scope, &new)).await.unwrap();
    let named = async |scope| ground.read(move |tx| tx.agency(scope)).await.unwrap().name;
    assert_eq!(named(scope).await, name);
    assert_eq!(named(other).await.as_str(), "Contoso");
}
