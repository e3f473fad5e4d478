//! Who asks, and what they may: the four users of `tests/control-plane/cluster`, with the rights that its roles give them.

use super::resources::Resource;

/// A user of the emulated cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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

/// What somebody wants to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wish<'a> {
    /// Verb.
    pub verb: &'a str,
    /// Group.
    pub group: &'a str,
    /// Resource.
    pub resource: &'a str,
    /// Subresource, or empty.
    pub subresource: &'a str,
    /// Namespace, empty for all.
    pub namespace: &'a str,
}

impl User {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Admin, Self::Viewer, Self::ShopOnly, Self::Nobody];

    /// The name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Viewer => "viewer",
            Self::ShopOnly => "shop-only",
            Self::Nobody => "nobody",
        }
    }

    /// The groups.
    pub fn groups(self) -> &'static [&'static str] {
        match self {
            Self::Admin => &["system:masters", "system:authenticated"],
            Self::Viewer | Self::ShopOnly | Self::Nobody => &["system:authenticated"],
        }
    }

    /// Whether a wish is granted.
    pub fn may(self, wish: &Wish<'_>) -> bool {
        let asks_about_itself = wish.verb == "create" && wish.resource.starts_with("selfsubject");
        let reads = matches!(wish.verb, "get" | "list" | "watch");
        let cluster_wide = wish.resource == "nodes";
        match self {
            Self::Admin => true,
            _ if asks_about_itself => true,
            // The role `view` holds no proxy: what is behind may do more than read.
            Self::Viewer => reads && !cluster_wide && wish.subresource != "proxy",
            Self::ShopOnly => {
                wish.namespace == SHOP
                    && !cluster_wide
                    && (reads || !matches!(wish.resource, "events" | "namespaces"))
            }
            Self::Nobody => false,
        }
    }

    /// The words of a refusal.
    pub fn refusal(self, wish: &Wish<'_>) -> String {
        let part = if wish.subresource.is_empty() {
            wish.resource.to_owned()
        } else {
            format!("{}/{}", wish.resource, wish.subresource)
        };
        let place = if wish.namespace.is_empty() {
            "at the cluster scope".to_owned()
        } else {
            format!("in the namespace \"{}\"", wish.namespace)
        };
        format!(
            "User \"{}\" cannot {} resource \"{part}\" in API group \"{}\" {place}",
            self.name(),
            wish.verb,
            wish.group
        )
    }
}

impl<'a> Wish<'a> {
    /// A wish for a resource.
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
