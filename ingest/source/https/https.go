// Package https lists and opens deliveries on a web server: one file, or the
// files of a folder whose index the server gives (nginx autoindex in HTML or
// JSON, Apache mod_autoindex).
//
// Certificates are verified, nothing is sent to another server than the one that
// is named, and a transfer goes on where it broke off as long as the server has
// the same version (If-Range, RFC 9110 13.1.5). Errors name the host only.
package https

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/entscope/entscope/ingest/source"
)

const (
	maxIndex = 16 << 20
	maxFiles = 100_000
	// silence is how long a server may say nothing in the middle of a transfer.
	silence = 2 * time.Minute
)

// Server is a web server.
type Server struct {
	base   *url.URL
	client *Client
}

// Dial prepares the server of r; nothing is sent yet.
func Dial(r source.Remote) (*Server, error) {
	u, err := url.Parse(r.URL)
	if err != nil || u.Host == "" {
		return nil, errors.New("https: not an address")
	}
	client, err := NewClient(r)
	if err != nil {
		return nil, err
	}
	return &Server{base: u, client: client}, nil
}

// Close closes idle connections.
func (s *Server) Close() error { return s.client.Close() }

// List is the one file of the address, or the files of its folder.
func (s *Server) List(ctx context.Context) ([]source.Entry, error) {
	if !strings.HasSuffix(s.base.Path, "/") {
		e, err := s.Stat(ctx, source.Entry{Name: path.Base(s.base.Path)})
		return []source.Entry{e}, err
	}
	response, err := s.client.Do(ctx, http.MethodGet, s.base, nil, http.StatusOK)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	index, err := io.ReadAll(io.LimitReader(response.Body, maxIndex+1))
	if err != nil {
		return nil, fmt.Errorf("https: %s: index: %w", s.base.Host, source.Fault(err))
	}
	if len(index) > maxIndex {
		return nil, fmt.Errorf("https: %s: %w: index too long", s.base.Host, source.ErrServer)
	}
	names := s.names(index)
	if len(names) > maxFiles {
		return nil, fmt.Errorf("https: %s: %w: more than %d files", s.base.Host, source.ErrServer, maxFiles)
	}
	var entries []source.Entry
	for _, name := range names {
		e, err := s.Stat(ctx, source.Entry{Name: name})
		var status *StatusError
		switch {
		case errors.Is(err, source.ErrGone):
			continue // rotated away since the index was made
		case errors.Is(err, source.ErrServer), errors.As(err, &status):
			e = source.Entry{Name: name, Size: -1} // this file's fault: said when it is fetched
		case err != nil:
			return nil, err
		}
		entries = append(entries, e)
	}
	return entries, nil
}

var link = regexp.MustCompile(`(?i)<a\s[^>]*?href\s*=\s*["']([^"'<>]*)["']`)

// names are the files that an index names, directly in the folder.
func (s *Server) names(index []byte) []string {
	var (
		names []string
		items []struct{ Name, Type string }
	)
	if bytes.HasPrefix(bytes.TrimSpace(index), []byte("[")) && json.Unmarshal(index, &items) == nil {
		for _, item := range items {
			if item.Type == "file" {
				names = append(names, item.Name)
			}
		}
	} else {
		for _, match := range link.FindAllSubmatch(index, -1) {
			u, err := s.base.Parse(strings.ReplaceAll(string(match[1]), "&amp;", "&"))
			if err != nil || u.Host != s.base.Host || u.RawQuery != "" {
				continue // the headings that sort the index
			}
			name, ok := strings.CutPrefix(u.Path, s.base.Path)
			if ok && name != "" && !strings.Contains(name, "/") {
				names = append(names, name)
			}
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func (s *Server) at(name string) *url.URL {
	if !strings.HasSuffix(s.base.Path, "/") {
		return s.base
	}
	u := *s.base
	u.Path, u.RawPath = s.base.Path+name, ""
	return &u
}

// Stat asks for the present state of a file.
func (s *Server) Stat(ctx context.Context, e source.Entry) (source.Entry, error) {
	response, err := s.client.Do(ctx, http.MethodHead, s.at(e.Name), nil, http.StatusOK, http.StatusMethodNotAllowed,
		http.StatusNotImplemented)
	if err != nil {
		return e, err
	}
	response.Body.Close()
	e.Size, e.Modified, e.Version = -1, time.Time{}, ""
	if response.StatusCode != http.StatusOK {
		return e, nil // it answers no HEAD: known by its content only
	}
	e.Size = response.ContentLength
	if tag := response.Header.Get("ETag"); !strings.HasPrefix(tag, "W/") { // a weak tag does not promise the same bytes
		e.Version = tag
	}
	if at, err := http.ParseTime(response.Header.Get("Last-Modified")); err == nil {
		e.Modified = at
	}
	return e, nil
}

// Open reads a file from offset on.
func (s *Server) Open(ctx context.Context, e source.Entry, offset int64) (io.ReadCloser, error) {
	header := http.Header{}
	if offset > 0 {
		if e.Version == "" {
			return nil, source.ErrNoResume
		}
		header.Set("Range", fmt.Sprintf("bytes=%d-", offset))
		header.Set("If-Range", e.Version)
	}
	response, err := s.client.Do(ctx, http.MethodGet, s.at(e.Name), header, http.StatusOK, http.StatusPartialContent)
	if err != nil {
		return nil, err
	}
	ranged := response.StatusCode == http.StatusPartialContent
	from := fmt.Sprintf("bytes %d-", offset)
	if ranged != (offset > 0) || ranged && !strings.HasPrefix(response.Header.Get("Content-Range"), from) {
		response.Body.Close()
		return nil, source.ErrNoResume
	}
	return response.Body, nil
}

// Client speaks to one server over HTTP: with its credentials, and to no other.
type Client struct {
	http   *http.Client
	user   string
	secret source.Secret
	token  source.Secret
}

// NewClient reads the credentials of r.
func NewClient(r source.Remote) (*Client, error) {
	c := &Client{user: r.User}
	var err error
	if c.secret, err = source.ReadSecret(r.PasswordFile); err != nil {
		return nil, err
	}
	if c.token, err = source.ReadSecret(r.TokenFile); err != nil {
		return nil, err
	}
	transport, err := Transport(r)
	if err != nil {
		return nil, err
	}
	c.http = &http.Client{Transport: transport, CheckRedirect: func(next *http.Request, via []*http.Request) error {
		if next.URL.Host != via[0].URL.Host || next.URL.Scheme != via[0].URL.Scheme || len(via) > 5 {
			return fmt.Errorf("%w: a redirect to another server", source.ErrServer)
		}
		return nil
	}}
	return c, nil
}

// Close closes idle connections.
func (c *Client) Close() error {
	c.http.CloseIdleConnections()
	return nil
}

// Do sends a request; any other status than those expected is an error. The
// caller closes the body.
func (c *Client) Do(ctx context.Context, method string, u *url.URL, header http.Header,
	expected ...int) (*http.Response, error) {
	request, err := http.NewRequestWithContext(ctx, method, u.String(), nil)
	if err != nil {
		return nil, fmt.Errorf("https: %s: %w: bad request", u.Host, source.ErrServer)
	}
	for name, values := range header {
		request.Header[name] = values
	}
	request.Header.Set("Accept-Encoding", "identity")
	request.Header.Set("User-Agent", "entscope")
	switch {
	case c.token.Reveal() != "":
		request.Header.Set("Authorization", "Bearer "+c.token.Reveal())
	case c.user != "":
		request.SetBasicAuth(c.user, c.secret.Reveal())
	}
	response, err := c.http.Do(request)
	if err != nil {
		return nil, fmt.Errorf("https: %s: %w", u.Host, source.Fault(bare(err)))
	}
	if slices.Contains(expected, response.StatusCode) {
		return response, nil
	}
	response.Body.Close()
	kind := source.ErrServer
	switch code := response.StatusCode; {
	case code == http.StatusTooManyRequests, code == http.StatusRequestTimeout,
		code >= 500 && code != http.StatusNotImplemented:
		kind = source.ErrTemporary
	case code == http.StatusUnauthorized, code == http.StatusForbidden:
		kind = source.ErrDenied
	case code == http.StatusNotFound, code == http.StatusGone:
		kind = source.ErrGone
	}
	return nil, &StatusError{Host: u.Host, Code: response.StatusCode, kind: kind}
}

// StatusError is an answer with an unexpected status.
type StatusError struct {
	Host string
	Code int
	kind error
}

// Error implements error.
func (e *StatusError) Error() string {
	return fmt.Sprintf("https: %s: %v: status %d", e.Host, e.kind, e.Code)
}

// Unwrap gives the kind of the fault.
func (e *StatusError) Unwrap() error { return e.kind }

// bare is a transport's error without the address.
func bare(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}

// Transport verifies the server by r's authorities or the system's.
func Transport(r source.Remote) (*http.Transport, error) {
	config, err := TLS(r)
	if err != nil {
		return nil, err
	}
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.TLSClientConfig = config
	t.ResponseHeaderTimeout = silence
	dialer := &net.Dialer{Timeout: 30 * time.Second}
	t.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := dialer.DialContext(ctx, network, address)
		if err != nil {
			return nil, err
		}
		return source.Impatient(conn, silence), nil
	}
	return t, nil
}

// TLS is the TLS configuration of r: at least 1.2, verified.
func TLS(r source.Remote) (*tls.Config, error) {
	config := &tls.Config{MinVersion: tls.VersionTLS12}
	if r.CAFile != "" {
		pem, err := os.ReadFile(r.CAFile)
		if err != nil {
			return nil, fmt.Errorf("ca_file: %w", err)
		}
		config.RootCAs = x509.NewCertPool()
		if !config.RootCAs.AppendCertsFromPEM(pem) {
			return nil, fmt.Errorf("ca_file: %s holds no certificate", r.CAFile)
		}
	}
	if r.CertFile != "" {
		key, err := source.ReadPrivate(r.KeyFile)
		if err != nil {
			return nil, err
		}
		cert, err := os.ReadFile(r.CertFile)
		if err != nil {
			return nil, fmt.Errorf("cert_file: %w", err)
		}
		pair, err := tls.X509KeyPair(cert, key)
		if err != nil {
			return nil, fmt.Errorf("cert_file, key_file: %w: they are not a pair", source.ErrSecret)
		}
		config.Certificates = []tls.Certificate{pair}
	}
	return config, nil
}
