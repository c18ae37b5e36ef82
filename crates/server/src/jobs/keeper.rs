//! Whoever pays for a balance, as a customer of the gateway: known there, or to be made first. Made once and kept, with the
//! request that made them a customer, or with the agency.

use billing::{RequestId, SubAccountId};

use crate::{
    deps::Deps,
    execute::{people, wallet::Owner},
    gateway::{GatewayError, NewCustomer},
    storage::{Scope, StorageError, Transaction},
};

/// Whose card it is, at the gateway.
pub(super) struct Keeper {
    /// The gateway's id, once it is known.
    pub known: Option<String>,
    /// What they are made of.
    pub new: NewCustomer,
}

impl Keeper {
    /// Who answers a request for a sub-account.
    ///
    /// # Errors
    /// When storage fails.
    pub fn of_request(
        tx: &mut dyn Transaction,
        scope: Scope,
        request: RequestId,
        account: SubAccountId,
        email: &str,
        name: &str,
    ) -> Result<Self, StorageError> {
        let known = tx.request(scope, request)?.and_then(|row| row.gateway_customer);
        Ok(Self { known, new: NewCustomer::of_request(request, account, email, name) })
    }

    /// The agency itself; nobody when it is gone, or has nobody to write to.
    ///
    /// # Errors
    /// When storage fails.
    pub fn of_agency(tx: &mut dyn Transaction, scope: Scope) -> Result<Option<Self>, StorageError> {
        let (agency, owner) = (tx.agency(scope)?, people::owner(tx, scope)?);
        let (Some(agency), Some(owner)) = (agency, owner) else { return Ok(None) };
        let new = NewCustomer {
            key: format!("customer-{}", scope.agency()),
            request: None,
            sub_account: None,
            email: owner.email.to_string(),
            name: agency.name.to_string(),
        };
        Ok(Some(Self { known: tx.treasury_customer(scope)?, new }))
    }

    /// Whoever pays for a balance at present.
    ///
    /// # Errors
    /// When storage fails.
    pub fn of(
        tx: &mut dyn Transaction,
        scope: Scope,
        owner: Owner,
    ) -> Result<Option<Self>, StorageError> {
        let Owner::Customer(id) = owner else { return Self::of_agency(tx, scope) };
        let Some(account) = tx.account(scope, id)? else { return Ok(None) };
        let Some(customer) = account.funding.customer() else { return Ok(None) };
        let (email, name) = (customer.email.as_str(), account.name.as_str());
        Self::of_request(tx, scope, customer.request, id, email, name).map(Some)
    }

    /// Their id at the gateway, made if need be.
    ///
    /// # Errors
    /// What the gateway says; [`GatewayError::TryLater`] when it could not be kept.
    pub async fn id(&self, deps: &Deps, scope: Scope) -> Result<String, GatewayError> {
        if let Some(known) = &self.known {
            return Ok(known.clone());
        }
        let customer = deps.gateway.create_customer(&self.new).await?;
        let (made, request) = (customer.clone(), self.new.request);
        deps.store
            .write(move |tx| match request {
                Some(request) => tx.set_gateway_customer(scope, request, &made),
                None => tx.set_treasury_customer(scope, &made),
            })
            .await
            .map_err(|error: StorageError| GatewayError::TryLater(error.to_string()))?;
        Ok(customer)
    }
}
