"""审核: what is wrong or doubtful in the county's data, before the city sees it.

    run(conn, catalogue, kind="monthly", period=…, today=…) -> Findings       `runner`
    Board(…).renewed(conn, catalogue, changes) -> Findings                     after an edit: only what it can touch
    explain(op, issue, reason=…, approved_by=…)   withdraw(op, issue)          `explanations`
    load_settings(op, file)                                                    `settings`, the file is read by
                                                                               `db.exchange.rule_settings_file`

The rules stand in `resources/checks.toml`, one row each: those that are a condition on a row need nothing more, of the
others the function of the same code lies in `rules/`.
"""
