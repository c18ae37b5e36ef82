use super::Answer;
use crate::{
    books::{Customer, Holder},
    desk::Desk,
    error::ApiError,
    form::Params,
    shelf::Record,
};

pub fn create(desk: &mut Desk<'_>, mut params: Params) -> Answer {
    let mut customer = Customer {
        id: String::new(),
        created: desk.now,
        email: None,
        name: None,
        phone: None,
        description: None,
        metadata: Default::default(),
        deleted: false,
    };
    change(&mut customer, &mut params)?;
    params.finish()?;
    customer.id = desk.new_id("cus");
    let json = customer.json();
    desk.books.customers.put(customer);
    desk.emit("customer.created", json.clone());
    Ok(json)
}

pub fn retrieve(desk: &Desk<'_>, id: &str, params: Params) -> Answer {
    params.finish()?;
    desk.books.customers.find(id).map(Record::json)
}

pub fn list(desk: &Desk<'_>, mut params: Params) -> Answer {
    let email = params.text("email")?;
    let page = desk.books.customers.page("/v1/customers", &mut params, |customer| {
        !customer.deleted && (email.is_none() || customer.email == email)
    })?;
    params.finish()?;
    Ok(page)
}

pub fn update(desk: &mut Desk<'_>, id: &str, mut params: Params) -> Answer {
    let mut customer = living(desk, id, "id")?.clone();
    change(&mut customer, &mut params)?;
    params.finish()?;
    let json = customer.json();
    desk.books.customers.put(customer);
    desk.emit("customer.updated", json.clone());
    Ok(json)
}

pub fn delete(desk: &mut Desk<'_>, id: &str, params: Params) -> Answer {
    params.finish()?;
    let before = living(desk, id, "id")?.json();
    let customer = desk.books.customers.find_mut(id)?;
    customer.deleted = true;
    let json = customer.json();
    let cards: Vec<String> = desk
        .books
        .payment_methods
        .iter()
        .filter(|method| method.customer() == Some(id))
        .map(|method| method.id.clone())
        .collect();
    for card in cards {
        desk.books.payment_methods.find_mut(&card)?.holder = Holder::Spent;
    }
    desk.emit("customer.deleted", before);
    Ok(json)
}

/// The customer that `param` names, unless deleted: then it is as if there had never been one.
pub fn living<'a>(desk: &'a Desk<'_>, id: &str, param: &str) -> Result<&'a Customer, ApiError> {
    let customer = desk.books.customers.get(id).filter(|customer| !customer.deleted);
    customer.ok_or_else(|| ApiError::missing("customer", id, param))
}

fn change(customer: &mut Customer, params: &mut Params) -> Result<(), ApiError> {
    let fields = [
        ("email", &mut customer.email),
        ("name", &mut customer.name),
        ("phone", &mut customer.phone),
        ("description", &mut customer.description),
    ];
    for (name, field) in fields {
        if let Some(value) = params.clearable(name)? {
            *field = value;
        }
    }
    if customer.email.as_ref().is_some_and(|email| !email.contains('@')) {
        return Err(ApiError::invalid("Invalid email address.")
            .code("email_invalid")
            .param("email"));
    }
    params.metadata(&mut customer.metadata)
}
