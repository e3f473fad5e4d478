//! Who asks, and what they may: the four users of `tests/control-plane/cluster`, with the rights that its roles give them.

use strum::{IntoStaticStr, VariantArray};

use super::resources::Resource;

/// A user of the emulated cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "kebab-case")]
pub enum User {
    /// May do all.
    Admin,
    /// May read all but nodes (role `view`).
    Viewer,
    /// May read and write in namespace shop (role `edit`).
    ShopOnly,
    /// May nothing but ask about itself.
    Nobody,
}

/// The namespace of [`User::ShopOnly`].
const SHOP: &str = "shop";

/// What is to be done, as `SelfSubjectAccessReview` names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ResourceAttributes<'a> {
    pub verb: &'a str,
    pub group: &'a str,
    pub resource: &'a str,
    /// Subresource, or empty.
    pub subresource: &'a str,
    /// Namespace, empty for all.
    pub namespace: &'a str,
}

impl User {
    pub const ALL: &[Self] = Self::VARIANTS;

    pub fn name(self) -> &'static str {
        self.into()
    }

    pub fn groups(self) -> &'static [&'static str] {
        match self {
            Self::Admin => &["system:masters", "system:authenticated"],
            Self::Viewer | Self::ShopOnly | Self::Nobody => &["system:authenticated"],
        }
    }

    /// Whether it is allowed.
    pub fn may(self, attributes: &ResourceAttributes<'_>) -> bool {
        let asks_about_itself =
            attributes.verb == "create" && attributes.resource.starts_with("selfsubject");
        let reads = matches!(attributes.verb, "get" | "list" | "watch");
        let cluster_wide = attributes.resource == "nodes";
        match self {
            Self::Admin => true,
            _ if asks_about_itself => true,
            // The role `view` holds no proxy: what is behind may do more than read.
            Self::Viewer => reads && !cluster_wide && attributes.subresource != "proxy",
            Self::ShopOnly => {
                attributes.namespace == SHOP
                    && !cluster_wide
                    && (reads || !matches!(attributes.resource, "events" | "namespaces"))
            }
            Self::Nobody => false,
        }
    }

    /// The words of a refusal.
    pub fn refusal(self, attributes: &ResourceAttributes<'_>) -> String {
        let part = if attributes.subresource.is_empty() {
            attributes.resource.to_owned()
        } else {
            format!("{}/{}", attributes.resource, attributes.subresource)
        };
        let place = if attributes.namespace.is_empty() {
            "at the cluster scope".to_owned()
        } else {
            format!("in the namespace \"{}\"", attributes.namespace)
        };
        format!(
            "User \"{}\" cannot {} resource \"{part}\" in API group \"{}\" {place}",
            self.name(),
            attributes.verb,
            attributes.group
        )
    }
}

impl<'a> ResourceAttributes<'a> {
    /// Of a resource.
    pub fn new(
        verb: &'a str,
        resource: &Resource,
        subresource: &'a str,
        namespace: &'a str,
    ) -> Self {
        Self {
            verb,
            group: resource.group,
            resource: resource.plural,
            subresource,
            namespace,
        }
    }
}
