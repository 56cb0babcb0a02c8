package combined

//go:generate go test -run Table . -update

// preset is a layout that has a name.
type preset struct {
	Name string
	// Layout is the format string, in the words of Apache or nginx.
	Layout string
	// Writer is who writes it.
	Writer string
}

const (
	tail    = ` %t "%r" %>s %b`
	agents  = ` "%{Referer}i" "%{User-Agent}i"`
	ingress = `$remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent" ` +
		`$request_length $request_time [$proxy_upstream_name]`
)

// presets are the layouts that have a name, w3c apart, whose columns the log itself names.
var presets = []preset{
	{"common", `%h %l %u` + tail, "Apache, Tomcat, Spring Boot: Common Log Format"},
	{"combined", `%h %l %u` + tail + agents, "Apache, nginx: Combined Log Format"},
	{"vhost_common", `%v %h %l %u` + tail, "Apache: common behind the virtual host, with or without its port"},
	{"vhost_combined", `%v %h %l %u` + tail + agents,
		"Apache: combined behind the virtual host, with or without its port"},
	{"forwarded_common", `%{X-Forwarded-For}i %l %u` + tail,
		"common, an X-Forwarded-For list in the place of the host"},
	{"forwarded_combined", `%{X-Forwarded-For}i %l %u` + tail + agents,
		"combined, an X-Forwarded-For list in the place of the host"},
	{"forwarded_quoted", `"%{X-Forwarded-For}i" %h %l %u` + tail + agents,
		"combined behind a quoted X-Forwarded-For list"},
	{"virtualmin", `%h %l %v %u` + tail + agents, "Virtualmin"},
	{"ovh", `%h %v %u` + tail + agents, "OVH web hosting"},
	{"gandi", `%v %h %l %u %t (%T s) "%r" %>s %b` + agents, "Gandi web hosting"},
	{"icecast", `%h %l %u` + tail + agents + ` %T`, "Icecast 2; combined with a duration behind"},
	{"traefik", `%h - %u` + tail + agents + ` %k "%{router}x" "%{server}x" %{ms}Tms`,
		"Traefik: its common format"},
	{"ingress", `$remote_addr - ` + ingress + ` [$proxy_alternative_upstream_name] $upstream_addr ` +
		`$upstream_response_length $upstream_response_time $upstream_status $req_id`, "Kubernetes: ingress-nginx"},
	{"ingress_real_ip", `$remote_addr - [$http_x_forwarded_for] - ` + ingress + ` $upstream_addr ` +
		`$upstream_response_length $upstream_response_time $upstream_status $req_id`,
		"Kubernetes: ingress-nginx before 0.25"},
	{"haproxy", `$remote_addr:$remote_port [$time_haproxy] $frontend $backend $timers $status $bytes_sent ` +
		`$c1 $c2 $term $conns $queues {$remote_user|$http_user_agent} "$request"`,
		"HAProxy: option httplog, the account and the agent captured from the request"},
	{"caddy", `{"ts":"$msec","user_id":"$remote_user","status":"$status","request":{"method":"$request_method",` +
		`"uri":"$request_uri","headers":{"User-Agent":["$http_user_agent?"]}}}`, "Caddy 2: JSON"},
	{"traefik_json", `{"StartUTC":"$time_iso8601","ClientUsername":"$remote_user","DownstreamStatus":"$status",` +
		`"RequestMethod":"$request_method","RequestPath":"$request_uri","request_User-Agent":"$http_user_agent?"}`,
		"Traefik: JSON"},
	{"ecs", `{"@timestamp":"$time_iso8601","user":{"name":"$remote_user?"},"url":{"original":"$request_uri"},` +
		`"http":{"request":{"method":"$request_method"},"response":{"status_code":"$status"}},` +
		`"user_agent":{"original":"$http_user_agent?"}}`, "Elastic Common Schema: parsed access logs"},
}
