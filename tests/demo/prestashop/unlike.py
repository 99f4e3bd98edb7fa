"""Recordings of other versions that the simulator does not answer alike, each with its reason."""

from collections.abc import Mapping

_HOOKS = (
    "modules of that shop use hooks that 9.0 no longer likes: see the fault `apply_then_warning`"
)
_MAIL = "their mail server was down, which is an accident: see the fault `apply_then_warning`"
_QUIET = "recorded where PHP displays errors, which keeps its warnings out of the answer"
_SEARCH = "searching is not simulated"
_DEVELOPER = "developer mode is not simulated; see the fault `fatal_200`"

UNLIKE: Mapping[tuple[str, str], str] = {
    ("1.6.1.24", "search/en.http"): _SEARCH,
    ("1.6.1.24", "writes/order-history-post-sendemail.http"): _MAIL,
    ("1.7.8.11", "errors/malformed-xml.http"): _QUIET,
    ("1.7.8.11", "errors/post-with-id.http"): _QUIET,
    ("1.7.8.11", "search/en.http"): _SEARCH,
    ("1.7.8.11", "writes/order-history-post-sendemail.http"): _MAIL,
    ("9.0.0", "err.500_missing_table.http"): "a broken database is not simulated: the fault `500`",
    ("9.0.0", "err.devmode_duplicate_specific_price.http"): _DEVELOPER,
    ("9.0.0", "err.e_all_module_deprecation_500_stock_patch.http"): _HOOKS,
    ("9.0.0", "err.order_history_sendemail_smtp_down.http"): _MAIL,
    ("9.0.0", "err.order_post_module_hook_deprecated_500.xml"): _HOOKS,
    ("9.0.0", "err.order_post_other_secure_key_module_noise_500.http"): _HOOKS,
    ("9.0.0", "err.order_post_wrong_total_module_noise_500.xml"): _HOOKS,
    ("9.0.0", "err.wrong_host_redirect.http"): "the web server's answer: see test_web",
    (
        "9.0.0",
        "translated_configurations.list_full3.xml",
    ): "a list that PHP dies of; nobody reads it",
    ("9.0.0", "v.descshort_5000.http"): "its body was cut: see test_versions",
}
