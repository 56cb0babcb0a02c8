package ingest

import "bytes"

// Agent is what entscope keeps of a user agent: the class of the device in the
// DNMA's four classes, the channel, and whether no person was there.
type Agent struct {
	Device  Device
	Channel Channel
	// Ignore is RuleRobot or RuleHealth, or empty.
	Ignore Rule
}

// Agents classifies user agents, remembering the last ones: a log repeats a few
// thousand of them. It is for the use of one goroutine.
type Agents struct {
	slots [1 << 12]agentSlot
}

type agentSlot struct {
	hash  uint64
	agent Agent
}

// Lookup classifies a user agent.
func (t *Agents) Lookup(ua []byte) Agent {
	h := hash64(ua)
	s := &t.slots[h>>52]
	if s.hash != h {
		*s = agentSlot{h, ClassifyAgent(ua)}
	}
	return s.agent
}

// hash64 is a 64-bit hash that is the same in every run (maphash is not, and a
// collision must not depend on the run): eight bytes at a time, multiply and
// fold, after wyhash.
func hash64(b []byte) uint64 {
	h := uint64(len(b))*0x9e3779b97f4a7c15 + 1
	for len(b) >= 8 {
		w := uint64(b[0]) | uint64(b[1])<<8 | uint64(b[2])<<16 | uint64(b[3])<<24 |
			uint64(b[4])<<32 | uint64(b[5])<<40 | uint64(b[6])<<48 | uint64(b[7])<<56
		h = (h ^ w) * 0xff51afd7ed558ccd
		h ^= h >> 32
		b = b[8:]
	}
	for _, c := range b {
		h = (h ^ uint64(c)) * 0xc4ceb9fe1a85ec53
	}
	h ^= h >> 29
	h *= 0xbf58476d1ce4e5b9
	return h ^ h>>32
}

// Words of user agents. Robots say so by custom ("bot", "crawler", "spider"),
// monitors by their product's name.
var (
	robotWords  = split("bot", "crawl", "spider", "slurp", "mediapartners", "facebookexternalhit", "curl/", "wget/", "python-", "java/", "libwww", "go-http-client", "scrapy", "feedburner", "feedfetcher", "tiny tiny rss", "newsblur", "universalfeedparser", "apache-httpclient")
	healthWords = split("kube-probe", "elb-healthchecker", "zabbix", "nagios", "check_http", "uptime", "pingdom", "haproxy", "prometheus", "monitoring")
	appWords    = split("okhttp", "cfnetwork", "dart/", "ktor", "reactnative", "expo/", "alamofire")
)

func split(words ...string) [][]byte {
	out := make([][]byte, len(words))
	for i, w := range words {
		out[i] = []byte(w)
	}
	return out
}

// ClassifyAgent classifies a user agent by its words: a tablet is an iPad or an
// Android without "Mobile", a phone another iPhone, Android or "Mobile", a
// computer a Windows, Macintosh, X11 or CrOS without these.
func ClassifyAgent(ua []byte) Agent {
	ua = bytes.ToLower(ua)
	has := func(word string) bool { return bytes.Contains(ua, []byte(word)) }
	any := func(words [][]byte) bool {
		for _, w := range words {
			if bytes.Contains(ua, w) {
				return true
			}
		}
		return false
	}
	a := Agent{Channel: ChannelWeb}
	switch {
	case len(ua) == 0 || len(ua) == 1 && ua[0] == '-' || string(ua) == "null":
		return Agent{}
	case any(healthWords):
		a.Ignore = RuleHealth
	case any(robotWords):
		a.Ignore = RuleRobot
	}
	if any(appWords) {
		a.Channel = ChannelApp
	}
	switch {
	case has("ipad"), has("tablet"), has("kindle"), has("silk/"), has("android") && !has("mobile"):
		a.Device = DeviceTablet
		if a.Channel == ChannelApp && !has("ipad") && !has("tablet") {
			a.Device = DevicePhone // an application's agent often says no more than "Android"
		}
	case has("iphone"), has("ipod"), has("android"), has("mobile"), has("windows phone"):
		a.Device = DevicePhone
	case has("windows"), has("macintosh"), has("x11"), has("cros"), has("linux"):
		a.Device = DeviceComputer
	case a.Channel == ChannelApp:
		a.Device = DevicePhone
	default:
		a.Device = DeviceOther
	}
	return a
}

// DeviceNamed is the class a record itself names: the device types of entcore
// (OPEN-ENT-NG/statistics adebaf1, api-allowed-values.json) and the French
// headings of its statistics.
func DeviceNamed(name []byte) Device {
	switch string(bytes.ToLower(name)) {
	case "desktop", "computer", "ordinateur", "pc":
		return DeviceComputer
	case "mobile", "phone", "smartphone", "phablet", "feature phone", "app mobile", "mobile_app", "mobile - web", "handset":
		return DevicePhone
	case "tablet", "tablette", "tablette - web":
		return DeviceTablet
	case "", "unknown", "-":
		return DeviceUnknown
	}
	return DeviceOther
}
