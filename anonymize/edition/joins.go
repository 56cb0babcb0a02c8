package edition

// Join is how well an input of the study fits the directory: of those that it names, the share that the directory
// knows. It counts nobody: a share is a multiple of JoinStep, rounded down, and unknown where fewer than JoinLeast are
// named.
type Join struct {
	Input   string `json:"input"`
	Feed    string `json:"feed,omitempty"`    // of InputFeed
	Profile string `json:"profile,omitempty"` // of InputFeed; empty is everybody
	Percent int64  `json:"percent"`           // -1 unknown
}

// Inputs of a Join. Of lists of accounts and of registers it is the poorest.
const (
	InputFeed      = "feed"      // accounts that a feed names
	InputAccounts  = "accounts"  // accounts of the lists, whose person the directory names
	InputLinks     = "links"     // children and guardians that links name
	InputRegisters = "registers" // persons and classes that registers name
)

const (
	// JoinStep is what a share is rounded down to, in percent.
	JoinStep = 5
	// JoinLeast is the least number named of which a share is told.
	JoinLeast = 100
	// JoinUnknown is the share of fewer.
	JoinUnknown = -1
)

// JoinPercent is the share as it leaves.
func JoinPercent(named, known int64) int64 {
	if named < JoinLeast {
		return JoinUnknown
	}
	return known * 100 / named / JoinStep * JoinStep
}
