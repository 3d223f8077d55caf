"""The months: what is filed in them, what it comes to, and what it means.

    month_grid(conn, catalogue, period) -> MonthGrid       `grid`      what is due, with lamps; rows on demand
    month_rows(conn, catalogue, grid, places) -> [MonthRow] `rows`     everything that a line of the page shows
    set_entries, copy_last_month, review                   `entries`   writing what is filed
    month_overview(conn, catalogue, period)                `overview`  the figures of 总览
    late(conn, catalogue, grid, today=…)                   `late`      what is late, will be late, or has no figure
    curve(conn, catalogue, period, task_id, …)             `curves`    actual against planned, month by month
    month_state, close_month, reopen_month                 `months`    a closed month is locked
    report_lines, set_reports                              `projects`  the month's report of every unfinished project
    supplied(conn, catalogue, period, key)                 `supplied`  figures that the registers give
    take_supplied(op, period, keys)                        `taking`    filing them
    add_measure, measures                                  `measures`  what was done about those who are late
    report_due, next_working_day, set_holidays, reminders  `days`      reporting day, working days, reminders

A figure is what stands at the month's end: since the plan began (cumulative), since 1 January (flow), or on that day
(stock). A month without an entry is no zero: sums go on with the last figure that was filed, and say so.
"""
