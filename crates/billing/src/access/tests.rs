//! The whole table of roles and rights, as somebody would read it.

use super::*;

const TABLE: &str = "\
                owner  billing_manager  viewer  client
BeSignedIn        yes              yes     yes     yes
Listen            yes              yes     yes     yes
SeeOwnAccounts     -                -       -      yes
ReadStatements    yes              yes     yes     yes
ReadAccounts      yes              yes     yes      -
ReadSettings      yes              yes     yes      -
SwitchFunding     yes              yes      -       -
ManageAgencyBilling yes             yes      -       -
SetPrices         yes              yes      -       -
ReadAudit         yes              yes      -       -
ManageEndpoints   yes               -       -       -
ManageKeys        yes               -       -       -
ManagePeople      yes               -       -       -
ManageEmbedding   yes               -       -       -
PreviewEmbedded   yes              yes     yes      -
ManageBranding    yes               -       -       -
SetTimeZone       yes               -       -       -
SendUsage          -                -       -       -
MintEmbedded       -                -       -       -
";

#[test]
fn the_table_of_roles_and_rights() {
    let mut lines = TABLE.lines();
    let roles: Vec<_> = lines.next().unwrap().split_whitespace().collect();
    assert_eq!(roles, Role::ALL.map(Role::name));
    let rights: Vec<_> = lines
        .map(|line| {
            let mut words = line.split_whitespace();
            let right = words.next().unwrap();
            (right.to_owned(), words.map(|word| word == "yes").collect::<Vec<_>>())
        })
        .collect();
    let decided = Right::ALL
        .map(|right| (format!("{right:?}"), Role::ALL.map(|role| may(role, right)).to_vec()));
    assert_eq!(rights, decided);
}

#[test]
fn a_machine_has_no_right_over_people_keys_and_settings() {
    let scoped: Vec<_> = Right::ALL
        .into_iter()
        .filter_map(|right| right.scope().map(|scope| (right, scope.name())))
        .collect();
    assert_eq!(
        scoped,
        [
            (Right::ReadStatements, "accounts:read"),
            (Right::ReadAccounts, "accounts:read"),
            (Right::SwitchFunding, "billing:write"),
            (Right::SendUsage, "usage:write"),
            (Right::MintEmbedded, "embed:mint"),
        ]
    );
}

#[test]
fn a_refusal_names_who_may() {
    for (right, sentence) in [
        (Right::ManagePeople, "Only the agency's owner may do this."),
        (Right::SwitchFunding, "Only the agency's owner and billing managers may do this."),
        (Right::ReadAccounts, "Only people of the agency may do this."),
        (Right::SeeOwnAccounts, "Only client users may do this."),
        (Right::SendUsage, "Only an API key with the scope usage:write may do this."),
    ] {
        assert_eq!(right.who_may(), sentence);
    }
}

#[test]
fn names_read_back() {
    for role in Role::ALL {
        assert_eq!(Role::from_name(role.name()), Some(role));
        assert_eq!(serde_json::to_value(role).unwrap(), role.name());
    }
    for scope in KeyScope::ALL {
        assert_eq!(KeyScope::from_name(scope.name()), Some(scope));
        assert_eq!(serde_json::to_value(scope).unwrap(), scope.name());
    }
    assert_eq!(Role::from_name("root"), None);
}
