package catalog

import "github.com/entscope/entscope/ingest"

// rules are the words of the table for the rules of ingest; a service, a profile
// or an action is a word of the vocabulary, or "-" for none.
var rules = map[string]ingest.Rule{
	"static": ingest.RuleStatic, "robot": ingest.RuleRobot, "keep-alive": ingest.RuleKeepAlive,
	"health": ingest.RuleHealth, "anonymous": ingest.RuleAnonymous, "not-activity": ingest.RuleNotActivity,
	"failed": ingest.RuleFailed,
}
