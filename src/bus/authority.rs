// SPDX-License-Identifier: MIT OR Apache-2.0
//! Who may do what. Reading is free for everybody whom the bus policy lets in.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::time::timeout;
use zbus::{
    Connection, Message,
    fdo::DBusProxy,
    message::{Flags, Header},
    names::BusName,
    proxy::CacheProperties,
};
use zbus_polkit::policykit1::{AuthorityProxy, CheckAuthorizationFlags, Subject};

use super::{failure::Failure, right::Right};

/// A person types a password.
const INTERACTION: Duration = Duration::from_secs(60);
const UIDS_KEPT: usize = 256;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Authorization {
    /// polkit decides, except about callers with these user ids.
    Polkit { exempt: BTreeSet<u32> },
    /// Whom the bus policy lets in may do everything.
    Policy,
}

impl Authorization {
    /// polkit, with root and the daemon's own user exempt.
    #[must_use]
    pub fn polkit() -> Self {
        Self::Polkit { exempt: BTreeSet::from([0, rustix::process::geteuid().as_raw()]) }
    }
}

#[derive(Debug)]
pub(super) struct Authority {
    connection: Connection,
    authorization: Authorization,
    patience: Duration,
    /// By unique name, which a bus never gives out twice.
    uids: Mutex<BTreeMap<String, u32>>,
    checks: AtomicU64,
}

impl Authority {
    pub(super) fn new(
        connection: Connection,
        authorization: Authorization,
        patience: Duration,
    ) -> Self {
        let uids = Mutex::default();
        Self { connection, authorization, patience, uids, checks: AtomicU64::new(0) }
    }

    pub(super) async fn check(
        &self,
        header: &Header<'_>,
        rights: &BTreeSet<Right>,
    ) -> Result<(), Failure> {
        let exempt = match &self.authorization {
            Authorization::Policy => return Ok(()),
            Authorization::Polkit { exempt } => exempt,
        };
        for right in rights {
            if exempt.is_empty() || !exempt.contains(&self.uid(header, *right).await?) {
                self.ask_polkit(header, *right).await?;
            }
        }
        Ok(())
    }

    async fn uid(&self, header: &Header<'_>, right: Right) -> Result<u32, Failure> {
        let sender = header
            .sender()
            .ok_or_else(|| Failure::NoAuthority { right, why: "the caller has no name".into() })?;
        if let Some(uid) = self.known_uid(sender.as_str()) {
            return Ok(uid);
        }
        let ask = async {
            let bus = DBusProxy::new(&self.connection).await?;
            bus.get_connection_unix_user(BusName::from(sender.clone())).await
        };
        let uid = timeout(self.patience, ask)
            .await
            .map_err(|_| Failure::AuthorityTimeout(right))?
            // The bus does not know who the caller was when it is gone already.
            .map_err(|error| Failure::NoAuthority { right, why: error.to_string() })?;
        self.remember_uid(sender.as_str(), uid);
        Ok(uid)
    }

    fn known_uid(&self, sender: &str) -> Option<u32> {
        let uids = self.uids.lock().unwrap_or_else(PoisonError::into_inner);
        uids.get(sender).copied()
    }

    fn remember_uid(&self, sender: &str, uid: u32) {
        let mut uids = self.uids.lock().unwrap_or_else(PoisonError::into_inner);
        if uids.len() >= UIDS_KEPT {
            uids.clear();
        }
        uids.insert(sender.to_owned(), uid);
    }

    async fn ask_polkit(&self, header: &Header<'_>, right: Right) -> Result<(), Failure> {
        let no_authority = |why: String| Failure::NoAuthority { right, why };
        let polkit = AuthorityProxy::builder(&self.connection)
            .cache_properties(CacheProperties::No)
            .build()
            .await
            .map_err(|error| no_authority(error.to_string()))?;
        let subject = Subject::new_for_message_header(header)
            .map_err(|error| no_authority(error.to_string()))?;
        let (flags, patience) = if header.primary().flags().contains(Flags::ALLOW_INTERACTIVE_AUTH)
        {
            (CheckAuthorizationFlags::ALLOW_USER_INTERACTION, INTERACTION)
        } else {
            (CheckAuthorizationFlags::empty(), self.patience)
        };
        let check = self.checks.fetch_add(1, Ordering::Relaxed).to_string();

        let details = std::collections::HashMap::new();
        let ask =
            polkit.check_authorization(&subject, right.polkit_action(), &details, flags, &check);
        match timeout(patience, ask).await {
            Ok(Ok(result)) if result.is_authorized => Ok(()),
            Ok(Ok(_)) => Err(Failure::NotAuthorized(right)),
            Ok(Err(error)) => Err(no_authority(error.to_string())),
            Err(_) => {
                let cancelled = self.cancel_check(&polkit, &check).await;
                tracing::debug!(?cancelled, "polkit did not answer in time");
                Err(Failure::AuthorityTimeout(right))
            }
        }
    }

    /// Takes the dialog away. Who did not answer a question is not asked for another answer.
    async fn cancel_check(&self, polkit: &AuthorityProxy<'_>, check: &str) -> zbus::Result<()> {
        let polkit = polkit.inner();
        let cancel = Message::method_call(polkit.path(), "CancelCheckAuthorization")
            .destination(polkit.destination())
            .interface(polkit.interface())
            .with_flags(Flags::NO_REPLY_EXPECTED)
            .build(&check)?;
        self.connection.send(&cancel).await
    }
}
