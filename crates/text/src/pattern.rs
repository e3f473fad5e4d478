//! Patterns that people write into settings and documents: `*` stands for any text.

/// Does a pattern with `*` fit the whole name? Upper and lower case are one: `Prod-EU` is protected by `*prod*`.
pub fn fits(pattern: &str, name: &str) -> bool {
    let (pattern, name) = (pattern.to_lowercase(), name.to_lowercase());
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|first| name.strip_prefix(first)) else {
        return false;
    };
    let mut parts = parts.peekable();
    if parts.peek().is_none() {
        return rest.is_empty();
    }
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return rest.ends_with(part);
        }
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn a_star_stands_for_anything_and_the_rest_must_fit_whole() {
        for (pattern, name, expected) in [
            ("*prod*", "eu-PROD-1", true),
            ("*prod*", "prod", true),
            ("*prod*", "staging", false),
            ("prod", "prod", true),
            ("prod", "prod-eu", false),
            ("prod*", "preprod", false),
            ("*live", "alive-not", false),
            ("*live", "shop-live", true),
            ("a*b*c", "a-b-b-c", true),
            ("a*b*c", "a-c-b", false),
            ("a*a", "a", false),
            ("*", "", true),
        ] {
            assert_eq!(fits(pattern, name), expected, "{pattern} {name}");
        }
    }
}
