"""自评: what every task of a year came to, its points, and the towns by the county's own assignments ((二十一)).

    evaluate(conn, catalogue, period) -> Evaluation        `results`   every task with its arithmetic, total, ranking
    set_entry(op, …), store_results(op, …)                 `entries`   what the clerk writes; what an export takes along
    scoring_in_force(conn), use_table, back_to_default     `scoring_choice`   the county's scoring table
    read_scoring(text) -> Reading                          `scoring`   a table from outside, every fault with its place

A period is a year ("2022") or "final": the whole plan. Figures, completion and goals are those of the last month of the
period as the engine of the months gives them; nothing is worked out a second time here.
"""
