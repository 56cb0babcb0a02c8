package trino

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"path/filepath"
	"regexp"
	"time"
)

var (
	plainName  = regexp.MustCompile(`^[a-z][a-z0-9_]{0,60}$`)
	ownerName  = regexp.MustCompile(`^[a-z0-9]{1,40}$`)
	columnName = regexp.MustCompile(`^[a-z][a-z0-9_]{0,62}$`)
	// folderURL holds nothing that could end a text of SQL.
	folderURL = regexp.MustCompile(`^(local|file|s3|abfss?|gs|hdfs)://[A-Za-z0-9._@:/-]*$`)
)

// Check refuses a configuration by which somebody else could read or answer, and tells all its faults.
func (c *Config) Check() error {
	var faults []error
	refuse := func(broken bool, format string, args ...any) {
		if broken {
			faults = append(faults, fmt.Errorf("trino: %w: "+format, append([]any{ErrConfig}, args...)...))
		}
	}
	u, err := url.Parse(c.URL)
	if err != nil || u.Host == "" || u.User != nil || u.Path != "" && u.Path != "/" || u.RawQuery != "" {
		return fmt.Errorf("trino: %w: url is not like https://host:port", ErrConfig)
	}
	near := loopback(u.Hostname())
	refuse(u.Scheme != "https" && u.Scheme != "http", "url is neither https nor http")
	refuse(u.Scheme == "http" && !near, "url is http: only an address of this machine may do without TLS")
	refuse(u.Scheme == "http" && c.Password != "", "a password over http")
	refuse(c.Password == "" && !near, "no password: only an engine of this machine may do without authentication")
	refuse(c.User == "", "no user")
	refuse(!plainName.MatchString(c.Catalog), "catalog is not a name of small letters, digits and _")
	refuse(!plainName.MatchString(c.Schema), "the scratch schema is not a name of small letters, digits and _")
	refuse(!ownerName.MatchString(c.Owner), "the owner is not a name")
	refuse(!filepath.IsAbs(c.Folder), "the shared folder is not an absolute path")
	refuse(!folderURL.MatchString(c.FolderURL), "the address of the shared folder is not like s3://bucket/folder")
	refuse(c.MostRows < 1, "the most rows of an answer are not set")
	return errors.Join(faults...)
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// server is the address with who asks.
func (c *Config) server() string {
	u, err := url.Parse(c.URL)
	if err != nil {
		return c.URL
	}
	u.User = url.User(c.User)
	if c.Password != "" {
		u.User = url.UserPassword(c.User, c.Password)
	}
	u.Path = ""
	return u.String()
}

// mostOfAPage is how many bytes an answer of the server may have: it is asked to send 16 MiB.
const mostOfAPage = 256 << 20

// transport speaks to the server, and to nobody in between.
func (c *Config) transport() (http.RoundTripper, error) {
	t := &http.Transport{
		DialContext:         (&net.Dialer{Timeout: 10 * time.Second}).DialContext,
		TLSHandshakeTimeout: 10 * time.Second,
		TLSClientConfig:     &tls.Config{MinVersion: tls.VersionTLS12},
		IdleConnTimeout:     90 * time.Second,
	}
	if c.CA != nil {
		t.TLSClientConfig.RootCAs = x509.NewCertPool()
		if !t.TLSClientConfig.RootCAs.AppendCertsFromPEM(c.CA) {
			return nil, fmt.Errorf("trino: %w: the CA file holds no certificate", ErrConfig)
		}
	}
	return bounded{t}, nil
}

// bounded refuses an answer that is larger than the server was asked for.
type bounded struct{ http.RoundTripper }

func (b bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := b.RoundTripper.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	resp.Body = &page{resp.Body, mostOfAPage}
	return resp, nil
}

type page struct {
	io.ReadCloser
	left int64
}

func (p *page) Read(b []byte) (int, error) {
	n, err := p.ReadCloser.Read(b)
	if p.left -= int64(n); p.left < 0 {
		return 0, ErrTooLarge
	}
	return n, err
}
