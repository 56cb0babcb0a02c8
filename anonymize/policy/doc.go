// Package policy reads what a table must satisfy to leave: the policy files of
// entscope, in strict TOML.
//
//  1. Parse reads the text and gives all faults at once, each with its line. An
//     unknown key is a fault; so is a privacy parameter that is not set.
//  2. Bind meets the policy with a table: it builds each hierarchy over the
//     values of its column, sends unknown values where the policy says, and
//     gives what package kanon searches with.
//
// The policies of the two editions are embedded: Research and Schools.
//
// A policy looks like this; the comments give every other key.
//
//	person = "id"                 # column of the person; absent: each row is one person
//	units = ["child", "family"]   # further units that k counts
//	k = 11
//	suppression_limit = 0.10      # share of persons and of rows; absent: 0
//	metric = "loss"               # loss-arithmetic, aecs, discernibility, entropy, precision, height
//	recoding = "full-domain"      # or "cell"
//	average_risk = 0.05           # classes ÷ persons
//	keep = ["visits"]             # released as they are; other columns do not leave
//	transformation = { age = 2 }  # a pinned solution: checked, not searched
//	input = { delimiter = ";" }
//	search = { max_nodes = 4194304, max_checks = 10000, time_limit = "30s" }
//
//	[[quasi_identifier]]
//	name = "age"
//	hierarchy = "age.csv"         # a file beside the policy, or a ready-made name, or
//	                              # { intervals = [5, 10], origin = 0, bottom = 20, top = 60 },
//	                              # { truncate = [3, 2] }, { groups = [{ a = "x", b = "x" }] },
//	                              # { dates = ["month", "year"], layout = "2006-01-02" },
//	                              # { file = "age.csv", delimiter = "," }; absent: "flat";
//	                              # { annuaire = "fr-en-annuaire-education.csv" }: UAI to region
//	weight = 1
//	max_level = 2                 # absent: up to the top
//	unknown = "other"             # where values without a place go; absent: refused
//
//	[[sensitive]]
//	name = "visits"
//	t = 0.3                       # or distinct_l, entropy_l, recursive = [c, l], beta, delta, alpha
//	distance = "ordered"          # or equal, hierarchical (then hierarchy = …)
//	order = ["never", "often"]    # absent: numbers
//	# rare = "yes" with beta or alpha: one-sided; enhanced = true with beta
package policy
