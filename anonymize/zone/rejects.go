package zone

import (
	"errors"
	"fmt"
	"strings"

	"github.com/entscope/entscope/ingest"
)

// rejectFloor is the number of records that MaxRejectShare is at least taken of,
// so that one broken line in a file of ten does not set it aside.
const rejectFloor = 100

// tooManyRejects reports whether the records of a delivery or a feed hold more
// rejects than share allows. Records that, but for headings, are all rejected always do.
func tooManyRejects(c *ingest.Counts, share float64) bool {
	n := c.Rejected()
	return float64(n) > share*float64(max(c.Read, rejectFloor)) || n > 0 && n == c.Read-c.Ignored[ingest.RuleComment]
}

// maxRejectLines bounds the list of rejects of a delivery; the counts go on.
const maxRejectLines = 100_000

// RejectError says that a feed has more rejects than the study allows, over all
// deliveries of the run. Those that stay within the share are in the zone.
type RejectError struct {
	Feed           string
	Read, Rejected int64
	Share          float64 // allowed
	Reasons        map[ingest.Reason]int64
}

func (e *RejectError) Error() string {
	return fmt.Sprintf("zone: feed %q: %d of %d records rejected, more than the allowed share of %g (%s)",
		e.Feed, e.Rejected, e.Read, e.Share, reasons(e.Reasons))
}

// asideError says that a delivery has more rejects than the study allows: it is
// set aside, and the others are read.
type asideError struct {
	content content
	counts  ingest.Counts
}

func (e *asideError) Error() string {
	return fmt.Sprintf("%d of %d records rejected (%s)", e.counts.Rejected(), e.counts.Read, reasons(e.counts.Rejects))
}

func reasons(counts map[ingest.Reason]int64) string {
	var list []string
	for _, r := range ingest.ByCount(counts) {
		list = append(list, fmt.Sprintf("%s: %d", r, counts[r]))
	}
	return strings.Join(list, ", ")
}

// rejectFaults is a *RejectError for each feed with too many rejects.
func rejectFaults(feeds []ingest.Feed, counts map[int]*ingest.Counts, share float64) error {
	var faults []error
	for _, f := range feeds {
		if c := counts[f.Number]; c != nil && tooManyRejects(c, share) {
			faults = append(faults, &RejectError{f.Name, c.Read, c.Rejected(), share, c.Rejects})
		}
	}
	return errors.Join(faults...)
}
