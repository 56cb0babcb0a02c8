package draft

import (
	"bytes"
	"fmt"
	"hash/maphash"
	"strings"
	"time"

	"github.com/entscope/entscope/ingest"
	"github.com/entscope/entscope/ingest/catalog"
	"github.com/entscope/entscope/ingest/format"
)

// logs are the formats that are told by reading: the columns of a table say more.
var logs = []string{"entcore", "uportal", "cas", "shibboleth", "moodle", "xapi", "caliper", "combined"}

// enough is the share of records that must fit a format.
const enough = 0.9

// opener makes readers.
type opener struct {
	clock   *ingest.Clock
	zone    *time.Location
	catalog *catalog.Catalog
}

func newOpener(zone string) (*opener, error) {
	location, err := time.LoadLocation(zone)
	if err != nil {
		return nil, fmt.Errorf("time zone: %w", err)
	}
	o := &opener{zone: location}
	if o.clock, err = ingest.NewClock(zone); err != nil {
		return nil, err
	}
	o.catalog, err = catalog.New(nil)
	return o, err
}

func (o *opener) format(name string, settings format.Settings) (ingest.Format, error) {
	f, err := format.Lookup(name)
	if err != nil {
		return nil, err
	}
	return f.New(format.Options{Settings: settings, Clock: o.clock, Zone: o.zone, Catalog: o.catalog})
}

// trial is what a format makes of the head of a log.
type trial struct {
	ingest.Tally
	counts   ingest.Counts
	accounts map[uint64]bool
	served   int64 // what pages tell: a service that is neither the portal nor sign-in, a profile
}

// seed makes hashes of accounts, which live as long as the program.
var seed = maphash.MakeSeed()

// Event implements ingest.Sink.
func (t *trial) Event(e *ingest.Event) {
	t.Events++
	switch e.Service {
	case ingest.ServiceUnknown, ingest.ServicePortal, ingest.ServiceSignIn:
	default:
		t.served++
	}
	if e.Profile != ingest.ProfileUnknown {
		t.served++
	}
	t.accounts[maphash.Bytes(seed, e.Account)] = true
}

// Reject implements ingest.Sink.
func (t *trial) Reject(r ingest.Reject) { t.Tally.Reject(r.Reason) }

// try reads the head of a log. fit is the share of records that are a record of the format
// and no reject; lines of others and comments say nothing of it.
func (o *opener) try(name string, settings format.Settings, head []byte) (t *trial, fit float64) {
	t = &trial{accounts: map[uint64]bool{}}
	reader, err := o.format(name, settings)
	if err != nil {
		return t, 0
	}
	reading := reader.Open(head)
	if reading.Fault != nil {
		return t, 0
	}
	chunk := bytes.Clone(head)
	if n := reading.Framing.Cut(chunk); n > 0 {
		chunk = chunk[:n]
	}
	reading.NewDecoder().Decode(chunk, t)
	t.Flush(&t.counts)
	own := t.counts.Read - t.counts.Ignored[ingest.RuleOtherLogger] - t.counts.Ignored[ingest.RuleComment]
	if own == 0 {
		if t.counts.Ignored[ingest.RuleOtherLogger] > 0 { // a log that may bear records further on
			return t, enough
		}
		return t, 0
	}
	return t, float64(own-t.counts.Rejected()) / float64(own)
}

// log recognises a log of one of the formats by its events; barely one of which nothing is
// an event.
func (o *opener) log(f *File, head []byte, barely bool) bool {
	best, events := 0.0, int64(-1)
	for _, name := range logs {
		settings := format.Settings{}
		if name == "combined" {
			settings.Map = o.catalog.Maps()[0]
		}
		t, fit := o.try(name, settings, head)
		sure := t.counts.Events > 0 || name == "combined" || t.counts.Ignored[ingest.RuleOtherLogger] > 0
		if fit < enough || fit < best || fit == best && t.counts.Events <= events || !sure && !barely {
			continue
		}
		best, events = fit, t.counts.Events
		f.Kind, f.Format, f.Settings, f.accounts, f.Doubt = Events, name, settings, t.accounts, ""
		f.Seen = fmt.Sprintf("%d of the first %d records are of this format",
			t.counts.Read-t.counts.Rejected(), t.counts.Read)
		if !sure {
			f.Doubt = "none of its first records is an event: another format may be meant"
		}
	}
	if best < enough || f.Format == "combined" && best < 1 {
		if !o.layout(f, head, best) && best < enough {
			return false
		}
	}
	if f.Format == "combined" {
		o.chooseMap(f, head)
	}
	return true
}

// layout looks for the layout of an access log that fits better than fit. Two that fit as
// well and do not find the same accounts are doubtful: neither is taken.
func (o *opener) layout(f *File, head []byte, fit float64) bool {
	found := o.proposals(o.catalog.Maps()[0], head)
	if len(found) == 0 || found[0].fit <= fit {
		return false
	}
	p := found[0]
	if other := doubtful(found); other != "" {
		f.Doubt = fmt.Sprintf("an access log in the layout %q or %q, which find other accounts: "+
			"say which with format combined and layout", p.settings.Layout, other)
		return false
	}
	f.Kind, f.Format, f.Settings, f.accounts, f.Doubt = Events, "combined", p.settings, p.trial.accounts, p.doubt
	f.Seen = fmt.Sprintf("%d of the first %d lines are laid out so", p.trial.counts.Read-p.trial.counts.Rejected(),
		p.trial.counts.Read)
	return true
}

// chooseMap takes the URL map that places most of the pages asked for: the root of one
// portal is the root of any.
func (o *opener) chooseMap(f *File, head []byte) {
	var best, second int64 = -1, -1
	for _, name := range o.catalog.Maps() {
		s := f.Settings
		s.Map = name
		t, _ := o.try("combined", s, head)
		switch placed := t.served + t.counts.Ignored[ingest.RuleKeepAlive]; {
		case placed > best:
			best, second, f.Settings.Map = placed, best, name
		case placed > second:
			second = placed
		}
	}
	if best <= 0 || best == second {
		if f.Doubt != "" {
			f.Doubt += "; "
		}
		f.Doubt += "no page tells which of the URL maps " + strings.Join(o.catalog.Maps(), ", ") + " this log needs"
	}
}
