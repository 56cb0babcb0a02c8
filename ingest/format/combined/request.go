package combined

import "github.com/entscope/entscope/ingest"

// request is what a line of an access log says, whatever its layout.
type request struct {
	ms                               int64
	status                           int
	user, method, path, query, agent []byte
}

// reader makes events of requests. It is for the use of one goroutine.
type reader struct {
	clock  *ingest.Clock
	urls   *ingest.Paths
	names  *ingest.Names
	agents ingest.Agents
	event  ingest.Event
}

// understand makes the event of the request, or says why it is none.
func (d *reader) understand(r *request, sink ingest.Sink) (ingest.Rule, ingest.Reason) {
	if static(r.path) {
		return ingest.RuleStatic, ""
	}
	if nobodyName(r.user) {
		return d.nobody(r.agent, r.path), ""
	}
	a := d.agents.Lookup(r.agent)
	switch {
	case a.Ignore != "":
		return a.Ignore, ""
	case r.status == 401:
		return d.refused(r, a)
	case r.status >= 400 || r.status < 200:
		return ingest.RuleFailed, ""
	case !shows(r.method):
		return ingest.RuleNotActivity, ""
	}
	name := r.path
	meaning, known := d.urls.Lookup(name)
	if meaning.Ignore != "" {
		return meaning.Ignore, ""
	}
	if fname := external(r.path, r.query); fname != nil && d.names != nil {
		meaning, known = d.names.Lookup(fname)
		name = fname
	}
	if !known {
		ingest.Unknown(sink, "url", name)
	}
	d.event = ingest.Event{
		TsMs: r.ms, Account: r.user, Profile: meaning.Profile, Service: meaning.Service,
		Action: meaning.Action, Device: a.Device, Channel: a.Channel, Weight: 1,
	}
	d.event.LocalDate, d.event.LocalHour = d.clock.Local(r.ms)
	return "", ""
}

// refused makes the event of a sign-in that failed: with status 401 the user is
// who the browser says it is (Apache, mod_log_config, %u). What pages call by
// themselves asks again and again with a session that has ended, and is none.
func (d *reader) refused(r *request, a ingest.Agent) (ingest.Rule, ingest.Reason) {
	if meaning, _ := d.urls.Lookup(r.path); meaning.Ignore != "" {
		return meaning.Ignore, ""
	}
	d.event = ingest.Event{
		TsMs: r.ms, Account: r.user, Service: ingest.ServiceSignIn, Action: ingest.ActionLoginFailed,
		Device: a.Device, Channel: a.Channel, Weight: 1,
	}
	d.event.LocalDate, d.event.LocalHour = d.clock.Local(r.ms)
	return "", ""
}

// nobodyName reports whether a user is the word for nobody.
func nobodyName(user []byte) bool {
	switch string(user) {
	case "", "-", "anonymous", "unknown", "null":
		return true
	}
	return false
}

// nobody says why a request without a user is no activity.
func (d *reader) nobody(agent, path []byte) ingest.Rule {
	if rule := d.agents.Lookup(agent).Ignore; rule != "" {
		return rule
	}
	if string(path) == "/robots.txt" {
		return ingest.RuleRobot
	}
	return ingest.RuleAnonymous
}
