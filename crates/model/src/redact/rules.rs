//! The published shapes of secrets, as patterns. Of each match only the group `secret` is taken out.

/// A rule: its name, its pattern, and what its match must say besides.
pub(super) struct SecretRule {
    pub(super) name: &'static str,
    pub(super) pattern: &'static str,
    pub(super) condition: SecretCondition,
}

/// What the pattern alone cannot say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SecretCondition {
    /// Nothing: the shape is a secret's.
    Shape,
    /// The group `name` is the name of a secret, and the value reads like one.
    Named,
    /// The same of the lines behind the name that are indented deeper than it.
    Block,
    /// The value has letters and digits.
    Random,
}

const fn shape(name: &'static str, pattern: &'static str) -> SecretRule {
    SecretRule {
        name,
        pattern,
        condition: SecretCondition::Shape,
    }
}

const fn named(name: &'static str, pattern: &'static str) -> SecretRule {
    SecretRule {
        name,
        pattern,
        condition: SecretCondition::Named,
    }
}

const fn random(name: &'static str, pattern: &'static str) -> SecretRule {
    SecretRule {
        name,
        pattern,
        condition: SecretCondition::Random,
    }
}

/// Of matches that begin at the same place the first rule counts. `WORDS` stands for the words of names of secrets, `VALUE`
/// for a value: quoted, quoted inside of another quote, or up to what ends a word.
pub(super) const RULES: &[SecretRule] = &[
    shape(
        "pem",
        r"(?P<secret>-----BEGIN [A-Z0-9 ]+-----(?s:.*?)(?:-----END [A-Z0-9 ]+-----|\z))",
    ),
    shape(
        "pem",
        r"(?P<secret>---- BEGIN [A-Z0-9 ]+ ----(?s:.*?)(?:---- END [A-Z0-9 ]+ ----|\z))",
    ),
    // "-----BEGIN" in base64
    shape("pem", r"(?P<secret>\bLS0tLS1CRUdJTi[A-Za-z0-9+/=_-]+)"),
    shape(
        "putty-key",
        r"Private-Lines:[ \t]*\d+[ \t]*\r?\n(?P<secret>(?:[A-Za-z0-9+/=]+\r?\n?)+)",
    ),
    shape("age-key", r"(?P<secret>\bAGE-SECRET-KEY-1[A-Z0-9]{20,})"),
    shape(
        "json-web-key",
        r#"\\*"(?:d|k|p|q|dp|dq|qi)\\*"\s*:\s*\\*"(?P<secret>[A-Za-z0-9_-]{20,})"#,
    ),
    shape(
        "last-applied",
        r#"kubectl\.kubernetes\.io/last-applied-configuration["']?\s*[:=]\s*(?P<secret>"(?:[^"\\]|\\.)*"|'[^']*'|\|[-+]?[ \t]*\n(?:[ \t]+[^\n]*\n?)+|[^\s"'|\[][^\n]*)"#,
    ),
    shape(
        "docker-config",
        r#"\.dockerconfig(?:json)?\\*["']?\s*[:=]\s*\\*["']?(?P<secret>[A-Za-z0-9+/=_-]{8,})"#,
    ),
    shape(
        "url-password",
        r"(?:[A-Za-z][A-Za-z0-9+.-]*:)?//[^\s/?#:@]*:(?P<secret>[^\s/?#@]+(?:@[^\s/?#@]+)*?)@[^\s@]",
    ),
    random(
        "url-password",
        r"[A-Za-z][A-Za-z0-9+.-]*://(?P<secret>[A-Za-z0-9_.~-]{16,})@[^\s@]",
    ),
    shape(
        "dsn-password",
        r"\b[A-Za-z0-9_.-]+:(?P<secret>[^\s:@/]+)@(?:tcp|unix)\(",
    ),
    shape(
        "dsn-password",
        r"(?i)\bjdbc:oracle:[a-z]+:[^\s/@]+/(?P<secret>[^\s@]+)@",
    ),
    shape(
        "pgpass",
        r"(?m)^[A-Za-z*][A-Za-z0-9.*-]*:(?:\d{4,5}|\*):[A-Za-z0-9_*-]+:[A-Za-z0-9_.-]+:(?P<secret>\S+)[ \t]*$",
    ),
    shape(
        "netrc",
        r"(?i)\blogin\s+\S+\s+password\s+(?P<secret>[^\s\[]\S*)",
    ),
    shape(
        "bearer",
        r"(?i)\bbearer\s+(?P<secret>[A-Za-z0-9._~+/-]{8,}=*)",
    ),
    shape(
        "authorization",
        r#"(?i)\bauthorization\\*["']?\s*[:=]\s*\\*["']?(?:digest|aws4-hmac-sha256)\s+(?P<secret>[^\s\[][^\n]*)"#,
    ),
    shape(
        "authorization",
        r#"(?i)\bauthorization\\*["']?\s*[:=]\s*\\*["']?(?:basic|negotiate|ntlm|token|apikey|api-key|bot|oauth|key|geniekey|splunk|sso-key|private-token)[ \t=]+(?P<secret>[^\s"',\[\\][^\s"',\\]*)"#,
    ),
    random(
        "authorization",
        r#"(?i)\bauthorization\\*["']?\s*[:=]\s*\\*["']?(?P<secret>[^\s"',\[\\]{8,})"#,
    ),
    random(
        "authorization",
        r"(?i)\bgeniekey\s+(?P<secret>[A-Za-z0-9-]{8,})",
    ),
    shape(
        "cookie",
        r#"(?i)\b(?:set-)?cookie\\*["']?\s*:\s*\\*["']?(?P<secret>[A-Za-z0-9_.%-]+=[^"'\\\n]+)"#,
    ),
    random(
        "cookie",
        r"(?i)\b(?:[a-z]*sess(?:ion)?_?id|connect\.sid|csrftoken|xsrf-token)=(?P<secret>[^\s;,&]{8,})",
    ),
    // Where an alert is sent to is a secret: whoever knows it can send one.
    shape(
        "webhook",
        r"hooks\.slack(?:-gov)?\.com/(?:services|workflows|triggers)/(?P<secret>[A-Za-z0-9/_-]+)",
    ),
    shape(
        "webhook",
        r"discord(?:app)?\.com/api/(?:v\d+/)?webhooks/(?P<secret>\d+/[A-Za-z0-9_-]+)",
    ),
    shape(
        "webhook",
        r"(?:webhook\.office\.com|outlook\.office(?:365)?\.com)/webhook(?:b2)?/(?P<secret>[^\s]+)",
    ),
    shape(
        "webhook",
        r"pagerduty\.com/(?:integration|x-ere|generic/[0-9-]+)/(?P<secret>[A-Za-z0-9]{8,})",
    ),
    shape(
        "webhook",
        r"api\.telegram\.org/bot(?P<secret>\d+:[A-Za-z0-9_-]+)",
    ),
    shape(
        "webhook",
        r"hooks\.zapier\.com/hooks/catch/(?P<secret>[A-Za-z0-9/]+)",
    ),
    random(
        "webhook",
        r"https?://[^\s/]+/(?:[A-Za-z0-9_-]+/)*(?:hooks?|webhooks?|integrations/v1/[a-z_]+)/(?P<secret>[A-Za-z0-9_-]{16,})",
    ),
    random("webhook", r"hc-ping\.com/(?P<secret>[0-9a-f-]{16,})"),
    shape(
        "jwt",
        r"(?P<secret>\beyJ[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]*)",
    ),
    shape(
        "aws-key-id",
        r"(?P<secret>\b(?:AKIA|ASIA|ABIA|ACCA)[0-9A-Z]{16}\b)",
    ),
    random(
        "azure-secret",
        r"(?P<secret>\b[A-Za-z0-9_.~-]{3}[78]Q~[A-Za-z0-9_.~-]{31,34})",
    ),
    random(
        "vendor-token",
        r"(?x)(?P<secret>\b(?:
            gh[pousr]_[A-Za-z0-9]{30,} | github_pat_[A-Za-z0-9_]{30,}
            | gl(?:pat|dt|ptt|cbt|rt|agent|soat|ft|imt|oas|ffct)-[A-Za-z0-9_.-]{20,}
            | xox[abeoprs]-[A-Za-z0-9-]{10,} | xapp-[0-9]-[A-Za-z0-9-]{10,}
            | [sr]k_(?:live|test)_[A-Za-z0-9]{16,} | whsec_[A-Za-z0-9+/=]{16,}
            | AIza[A-Za-z0-9_-]{35} | ya29\.[A-Za-z0-9_-]{20,} | GOCSPX-[A-Za-z0-9_-]{20,}
            | npm_[A-Za-z0-9]{30,} | pypi-[A-Za-z0-9_-]{30,} | rubygems_[a-f0-9]{32,} | dckr_pat_[A-Za-z0-9_-]{20,}
            | SG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,} | key-[0-9a-f]{32} | SK[0-9a-f]{32}
            | NRAK-[A-Z0-9]{20,} | NRII-[A-Za-z0-9_-]{20,} | gls[ar]_[A-Za-z0-9_]{20,} | glc_[A-Za-z0-9+/=]{20,}
            | hv[sbr]\.[A-Za-z0-9_-]{16,} | [A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_-]{30,} | dp\.(?:pt|st|ct|sa)\.[A-Za-z0-9._-]{16,}
            | sk-(?:ant-|proj-)?[A-Za-z0-9_-]{20,} | hf_[A-Za-z0-9]{30,} | dapi[0-9a-f]{32}
            | dop_v1_[0-9a-f]{40,} | HRKU-[A-Za-z0-9_-]{20,} | LTAI[A-Za-z0-9]{16,} | dt0[a-z]\d{2}\.[A-Z0-9]{20,}\.[A-Z0-9]{20,}
            | pscale_(?:tkn|pw|oauth)_[A-Za-z0-9_.-]{20,} | shp(?:at|ca|pa|ss)_[A-Za-z0-9]{20,} | sq0[a-z]{3}-[A-Za-z0-9_-]{20,}
            | lin_api_[A-Za-z0-9]{20,} | ntn_[A-Za-z0-9]{20,} | sntry[su]_[A-Za-z0-9+/=_-]{20,} | PMAK-[A-Za-z0-9-]{20,}
            | figd_[A-Za-z0-9_-]{20,} | ATATT3[A-Za-z0-9_=-]{20,} | ops_eyJ[A-Za-z0-9_-]{20,} | pat-[a-z]{2}\d-[0-9a-f-]{30,}
            | [0-9a-f]{32}-us\d{1,2} | AAAA[A-Za-z0-9_-]{7}:[A-Za-z0-9_-]{100,} | GR1348941[A-Za-z0-9_-]{20} | AKCp[A-Za-z0-9]{30,}
            | oy2[a-z0-9]{43} | AT(?:BB|CTT3)[A-Za-z0-9_=-]{20,} | nfp_[A-Za-z0-9]{30,} | sbp_[a-f0-9]{40} | tskey-[a-z]+-[A-Za-z0-9-]{16,}
            | pul-[a-f0-9]{40} | bkua_[a-f0-9]{40} | CCIPAT_[A-Za-z0-9_]{20,}
            | \d{8,10}:AA[A-Za-z0-9_-]{33} | [MNO][A-Za-z0-9_-]{23,27}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,}
        ))",
    ),
    // Parts of an address behind its question mark.
    random(
        "query",
        r#"(?i)[?&;](?:sig|signature|x-(?:amz|goog)-(?:signature|credential|security-token)|key|code|auth|sas|hmac|ticket|assertion)(?:=|%3D)(?P<secret>[^\s&#"'\\]{8,})"#,
    ),
    named(
        "query",
        r#"(?i)\b(?P<name>[a-z0-9_.-]*WORDS[a-z0-9_.-]*)%3D(?P<secret>[^\s&#%"'\\]+)"#,
    ),
    // env as YAML or JSON: the name in one field, the value in the next, or the other way round
    named(
        "env",
        r#"(?i)\bname\\*["']?\s*:\s*\\*["']?(?P<name>[A-Z0-9_.-]*WORDS[A-Z0-9_.-]*)\\*["']?\s*,?\s*(?:\n[ +\t-]*)?\\*["']?value\\*["']?\s*:\s*(?P<secret>VALUE)"#,
    ),
    named(
        "env",
        r#"(?i)\bvalue\\*["']?\s*:\s*(?P<secret>VALUE)\s*,?\s*(?:\n[ +\t]*)?\\*["']?name\\*["']?\s*:\s*\\*["']?(?P<name>[A-Z0-9_.-]*WORDS[A-Z0-9_.-]*)"#,
    ),
    named(
        "env",
        r"(?m)^[ \t]*ENV[ \t]+(?P<name>[A-Z0-9_]*(?i:WORDS)[A-Z0-9_]*)[ \t]+(?P<secret>[^\s=\[]\S*)",
    ),
    // args: `--db-password x`, `-password x`; `-p` alone is too common to be a rule
    named(
        "flag",
        r#"(?i)(?:^|[\s"'\[,(])--?(?P<name>[a-z0-9_.-]*WORDS[a-z0-9_.-]*)\\*["']?,?\s+(?P<secret>"(?:[^"\\]|\\.)+"|'[^']+'|\\+"[^"]*"|[^\s"'\[\\-][^\s"',\]\\]*)"#,
    ),
    shape(
        "flag",
        r#"(?:^|[\s"'\[(])(?:-u|--user|--proxy-user|-U)[ \t=]*["']?[^\s:"'=/%]+[:%](?P<secret>[^\s"'\[/][^\s"']*)"#,
    ),
    shape(
        "flag",
        r#"\b(?:mysql|mysqldump|mysqladmin|mariadb|mariadb-dump)\b[^\n|;]*?\s-p(?P<secret>"[^"]+"|'[^']+'|[^\s"'\[=-][^\s"']*)"#,
    ),
    shape(
        "flag",
        r#"\b(?:sshpass|docker login|podman login|helm registry login|az login)\b[^\n|;]*?\s-p[ =]?(?P<secret>"[^"]+"|'[^']+'|[^\s"'\[=-][^\s"']*)"#,
    ),
    shape(
        "flag",
        r#"\bredis-cli\b[^\n|;]*?\s-a[ =]?(?P<secret>"[^"]+"|'[^']+'|[^\s"'\[=-][^\s"']*)"#,
    ),
    shape(
        "flag",
        r#"\bldap[a-z]+\b[^\n|;]*?\s-w[ =]?(?P<secret>"[^"]+"|'[^']+'|[^\s"'\[=-][^\s"']*)"#,
    ),
    shape(
        "flag",
        r#"(?:^|\s)(?:-b|--cookie)[ =]+["']?(?P<secret>[A-Za-z0-9_.-]+=[^\s"'\[][^"'\n]*)"#,
    ),
    shape("flag", r"\bpass:(?P<secret>[^\s\[]\S*)"),
    shape(
        "flag",
        r#"--from-literal[ =]["']?[A-Za-z0-9_.-]+=(?P<secret>[^\s"'\[][^\s"']*)"#,
    ),
    shape(
        "flag",
        r"\bhtpasswd\b[^\n|;]*?\s-[a-zA-Z]*b[a-zA-Z]*\s+(?:\S+\s+)??\S+\s+(?P<secret>[^\s\[]\S*)[ \t]*(?:\n|\z)",
    ),
    shape(
        "flag",
        r#"\becho\s+(?:-n\s+)?(?P<secret>"[^"]+"|'[^']+'|[^\s"'\[$|-][^\s|]*)\s*\|\s*(?:docker|podman|helm|oras|skopeo|crane)\b[^\n]*\blogin\b"#,
    ),
    shape(
        "sql",
        r"(?i)\bidentified\s+(?:with\s+\S+\s+)?by\s+(?P<secret>'[^'\[][^']*'|[^\s'\[;]+)",
    ),
    shape(
        "sql",
        r#"(?i)\bpassword\s+(?P<secret>'[^'\[][^']*'|"[^"\[][^"]*")"#,
    ),
    named(
        "prose",
        r"(?i)\b(?P<name>(?:password|passwd|passphrase|passcode|pwd|api[ _-]?key|token|secret))\s+(?P<separator>is|was|now|set to|changed to)\s*:?\s+(?P<secret>VALUE)",
    ),
    random(
        "prose",
        r"(?i)\b(?:password|passwd|passphrase|pwd)\s+(?P<secret>[^\s:=\[]{8,})",
    ),
    random(
        "authorization",
        r"\bBasic\s+(?P<secret>[A-Za-z0-9+/]{12,}={0,2})",
    ),
    named(
        "xml",
        r"(?i)<(?P<name>[a-z0-9_.:-]*WORDS[a-z0-9_.-]*)(?:\s[^>]*)?>(?P<secret>[^<\[]+)</",
    ),
    SecretRule {
        name: "block",
        pattern: r#"(?i)\b(?P<name>[A-Z0-9_.-]*WORDS[A-Z0-9_.-]*)["']?\s*:[ \t]*[|>][-+0-9]*[ \t]*\n(?P<secret>(?:[ \t]+[^\n]*(?:\n|\z))+)"#,
        condition: SecretCondition::Block,
    },
    named(
        "assignment",
        r#"(?i)\b(?P<name>[a-z0-9_.-]*passphrase)\\*["']?\s*(?P<separator>=|:)[ \t]*(?P<secret>[^\s"'\[\\{(,;&|>][^\n"',;]*)"#,
    ),
    named(
        "assignment",
        r#"(?i)\b(?P<name>[A-Z0-9_.-]*WORDS[A-Z0-9_.-]*)\\*["']?\]?\s*(?P<separator>=>|:=|==?|:)[ \t]*(?P<secret>VALUE)"#,
    ),
];

/// What is taken for a value. Not what is there already, and nothing that opens a structure.
pub(super) const VALUE: &str = r#"(?:"(?:[^"\\]|\\.)+"|'[^']+'|\\+"[^"]*"|\\+'[^']*'|[^\s"'\[{(,;&|>\\\]}=][^\s"',;&\\}\])]*)"#;
