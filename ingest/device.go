package ingest

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/medama-io/go-useragent"
)

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

// What no list of browsers and robots has. Programs that fetch by themselves, and
// the libraries that applications of phones are built with, begin a product of the
// agent ("curl/8.0"): a word anywhere would take a phone of the brand CUBOT for a
// robot. Robots of any name stand outside the comment, or say "compatible;" or where
// they come from inside it. Monitors have names that no
// phone bears.
var (
	robotComment = regexp.MustCompile(
		`compatible; [^;)]*(bot|crawl|spider)|\+https?://|https?://[^ ;)]*(bot|crawl|spider)`)
	comments      = regexp.MustCompile(`\([^()]*\)`)
	robotProducts = []string{
		"curl", "wget", "python", "java", "libwww", "go-http-client", "scrapy", "feedburner", "feedfetcher", "tiny",
		"newsblur", "universalfeedparser", "apache-httpclient", "mediapartners", "slurp", "facebookexternalhit",
	}
	healthWords = []string{
		"kube-probe", "elb-healthchecker", "zabbix", "nagios", "check_http", "uptimerobot", "pingdom", "haproxy",
		"prometheus", "monitoring",
	}
	appProducts = []string{"okhttp", "cfnetwork", "dart", "ktor", "reactnative", "expo", "alamofire"}
)

// begins reports whether a product of the agent, in lower case, begins with one of
// the words.
func begins(ua string, words []string) bool {
	inComment := 0
	for i := 0; i < len(ua); i++ {
		switch c := ua[i]; {
		case c == '(':
			inComment++
		case c == ')':
			inComment--
		case inComment <= 0 && (i == 0 || ua[i-1] == ' '):
			for _, w := range words {
				if strings.HasPrefix(ua[i:], w) {
					return true
				}
			}
		}
	}
	return false
}

// namedRobot reports whether a product outside the comments calls itself a robot. The
// brand and model of a phone stand inside one.
func namedRobot(text string) bool {
	products := comments.ReplaceAllString(text, "")
	for _, word := range []string{"bot", "crawl", "spider", "ia_archiver"} {
		if strings.Contains(products, word) {
			return true
		}
	}
	return false
}

// browsers is the maintained list, built when it is first asked and never changed.
var browsers = sync.OnceValue(useragent.NewParser)

// ClassifyAgent classifies one user agent (see Agents for many). It asks a maintained list of browsers, robots and
// devices (medama-io/go-useragent). What it cannot know is ours: an Android without
// "Mobile" is a tablet (Chrome's and Mozilla's rule for their agents), Windows that
// says "Tablet PC" is a computer, and the products above.
func ClassifyAgent(ua []byte) Agent {
	text := string(bytes.ToLower(ua))
	if text == "" || text == "-" || text == "null" {
		return Agent{}
	}
	a := Agent{Channel: ChannelWeb}
	known := browsers().Parse(string(ua))
	switch {
	case slices.ContainsFunc(healthWords, func(w string) bool { return strings.Contains(text, w) }):
		a.Ignore = RuleHealth
	case known.IsBot(), begins(text, robotProducts), robotComment.MatchString(text), namedRobot(text):
		a.Ignore = RuleRobot
	}
	if begins(text, appProducts) {
		a.Channel = ChannelApp
	}
	a.Device = deviceOf(text, known, a.Channel)
	return a
}

// deviceOf is the class of the device in the DNMA's four classes.
func deviceOf(text string, known useragent.UserAgent, channel Channel) Device {
	has := func(word string) bool { return strings.Contains(text, word) }
	switch {
	case has("windows nt"), has("macintosh"), has("cros "):
		return DeviceComputer
	case known.IsTV():
		return DeviceOther
	case has("ipad"), has("kindle"), has("silk/"), known.IsTablet(), has("tablet"):
		return DeviceTablet
	case has("android") && !has("mobile"):
		if channel == ChannelApp {
			return DevicePhone // an application's agent often says no more than "Android"
		}
		return DeviceTablet
	case has("iphone"), has("ipod"), has("android"), has("mobile"), has("windows phone"):
		return DevicePhone
	case known.IsDesktop(), has("windows"), has("x11"), has("linux"):
		return DeviceComputer
	case channel == ChannelApp:
		return DevicePhone
	}
	return DeviceOther
}

// DeviceNamed is the class a record itself names: the device types of entcore
// (OPEN-ENT-NG/statistics adebaf1, api-allowed-values.json) and the French
// column names of its statistics.
func DeviceNamed(name []byte) Device {
	switch string(bytes.ToLower(name)) {
	case "desktop", "computer", "ordinateur", "pc":
		return DeviceComputer
	case "mobile", "phone", "smartphone", "phablet", "feature phone", "app mobile", "mobile_app", "mobile - web",
		"handset":
		return DevicePhone
	case "tablet", "tablette", "tablette - web":
		return DeviceTablet
	case "", "unknown", "-":
		return DeviceUnknown
	}
	return DeviceOther
}
