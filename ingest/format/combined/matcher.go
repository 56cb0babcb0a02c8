package combined

import (
	"slices"
	"strings"

	"github.com/entscope/entscope/anonymize/edition/vocabulary"
	"github.com/entscope/entscope/ingest"
)

// matcher finds the fields of a record.
type matcher interface {
	match(record []byte, f *found) ingest.Reason
	// kinds are the fields it finds.
	kinds() []kind
}

// parse reads a layout as a whole or as the value of a key.
func parse(text string) (matcher, error) {
	word, rest, several := strings.Cut(text, " ")
	if several && slices.ContainsFunc(shippers, func(s shipping) bool { return s.name == word }) {
		return ship(word, strings.TrimSpace(rest))
	}
	switch i := slices.IndexFunc(presets, func(p preset) bool { return p.Name == text }); {
	case i >= 0:
		return parse(presets[i].Layout)
	case strings.HasPrefix(text, "{"):
		return parseObject(text)
	case !strings.ContainsAny(text, "%$"):
		return nil, vocabulary.Unknown(text, LayoutNames())
	}
	return parseText(text)
}

// lacks says what a layout must name and does not.
func lacks(kinds []kind) []string {
	has := func(k kind) bool { return slices.Contains(kinds, k) }
	var missing []string
	for _, need := range []struct {
		there bool
		what  string
	}{
		{has(kindStamp) || has(kindDay) && has(kindClock), "the time (%t, $time_local)"},
		{has(kindUser) || has(kindWords), "the account (%u, $remote_user)"},
		{has(kindRequest) || has(kindPath), "what was asked for (%r, $request)"},
		{has(kindStatus), "the status (%>s, $status)"},
	} {
		if !need.there {
			missing = append(missing, need.what)
		}
	}
	return missing
}
