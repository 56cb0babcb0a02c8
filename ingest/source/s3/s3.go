// Package s3 lists and opens deliveries in a bucket of an S3-compatible store.
// An object appears whole, so that its ETag names its content.
package s3

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"github.com/entscope/entscope/ingest/source"
	"github.com/entscope/entscope/ingest/source/https"
)

const maxFiles = 100_000

// Server is a bucket, below a prefix.
type Server struct {
	host, bucket, prefix string
	client               *minio.Client
	transport            *http.Transport
}

// Dial prepares the store of r; nothing is sent yet.
func Dial(r source.Remote) (*Server, error) {
	u, err := url.Parse(r.URL)
	if err != nil {
		return nil, errors.New("s3: not an address")
	}
	secret, err := source.ReadSecret(r.PasswordFile)
	if err != nil {
		return nil, err
	}
	transport, err := https.Transport(r)
	if err != nil {
		return nil, err
	}
	region := r.Region
	if region == "" {
		region = "us-east-1" // what a store without regions signs with
	}
	client, err := minio.New(u.Host, &minio.Options{
		Creds:  credentials.NewStaticV4(r.User, secret.Reveal(), ""),
		Secure: u.Scheme == "https", Region: region, Transport: answers{transport},
		BucketLookup: minio.BucketLookupPath,
		MaxRetries:   1, // pull tries again
	})
	if err != nil {
		return nil, fmt.Errorf("s3: %s: %w", u.Host, source.ErrServer)
	}
	return &Server{host: u.Host, bucket: r.Bucket, prefix: r.Prefix, client: client, transport: transport}, nil
}

// answers refuses a web page in the place of a list, which the client would read as an empty one, and ends a list that
// does not end.
type answers struct{ http.RoundTripper }

// mostOfAList is how many bytes one page of a list may have: it names 1,000 objects.
const mostOfAList = 16 << 20

// page is the body of a page of a list.
type page struct {
	io.Reader
	io.Closer
}

func (a answers) RoundTrip(request *http.Request) (*http.Response, error) {
	response, err := a.RoundTripper.RoundTrip(request)
	if errors.Is(err, io.EOF) { // which the client would make a text of its own of, with the address
		return nil, fmt.Errorf("%w: the connection was closed", source.ErrTemporary)
	}
	if err != nil || !request.URL.Query().Has("list-type") || response.StatusCode != http.StatusOK {
		return response, err
	}
	if strings.HasPrefix(response.Header.Get("Content-Type"), "text/html") {
		response.Body.Close()
		return nil, fmt.Errorf("%w: a web page in the place of a list", source.ErrServer)
	}
	response.Body = page{io.LimitReader(response.Body, mostOfAList), response.Body} // cut, it is no list
	return response, nil
}

// Close closes idle connections.
func (s *Server) Close() error {
	s.transport.CloseIdleConnections()
	return nil
}

// fault gives an answer of the store its kind. What it says may name objects and
// is left out; its code is not.
func (s *Server) fault(err error) error {
	var answer minio.ErrorResponse
	if syntax, other := (*xml.SyntaxError)(nil), xml.UnmarshalError(""); errors.As(err, &syntax) || errors.As(err, &other) {
		return fmt.Errorf("s3: %s: %w: not what was asked for", s.host, source.ErrServer)
	}
	if !errors.As(err, &answer) {
		var u *url.Error
		if errors.As(err, &u) {
			err = u.Err
		}
		return fmt.Errorf("s3: %s: %w", s.host, source.Fault(err))
	}
	kind := source.ErrServer
	switch status := answer.StatusCode; {
	case status >= 500 && status != http.StatusNotImplemented, status == http.StatusTooManyRequests,
		answer.Code == "SlowDown", answer.Code == "RequestTimeout":
		kind = source.ErrTemporary
	case status == http.StatusPreconditionFailed:
		kind = source.ErrMoved
	case answer.Code == "NoSuchKey":
		kind = source.ErrGone
	case status == http.StatusForbidden, status == http.StatusUnauthorized, status == http.StatusNotFound:
		kind = source.ErrDenied
	}
	if !code.MatchString(answer.Code) {
		return fmt.Errorf("s3: %s: %w: status %d", s.host, kind, answer.StatusCode)
	}
	return fmt.Errorf("s3: %s: %w: %s", s.host, kind, answer.Code)
}

// code is what the code of an answer looks like; the server may write anything else there.
var code = regexp.MustCompile(`^[A-Za-z0-9.]{1,64}$`)

// List is the objects below the prefix.
func (s *Server) List(ctx context.Context) ([]source.Entry, error) {
	var entries []source.Entry
	below := minio.ListObjectsOptions{Prefix: s.prefix, Recursive: true}
	for object := range s.client.ListObjectsIter(ctx, s.bucket, below) {
		if object.Err != nil {
			return nil, s.fault(object.Err)
		}
		if name := strings.TrimPrefix(object.Key, s.prefix); name != "" && !strings.HasSuffix(name, "/") {
			entries = append(entries,
				source.Entry{Name: name, Size: object.Size, Modified: object.LastModified, Version: bare(object.ETag)})
		}
		if len(entries) > maxFiles {
			return nil, fmt.Errorf("s3: %s: %w: more than %d objects", s.host, source.ErrServer, maxFiles)
		}
	}
	if err := ctx.Err(); err != nil { // the iterator just ends then: what it gave is not the whole list
		return nil, s.fault(err)
	}
	return entries, nil
}

func bare(tag string) string { return strings.Trim(tag, `"`) }

// Stat asks for the present state of an object.
func (s *Server) Stat(ctx context.Context, e source.Entry) (source.Entry, error) {
	object, err := s.client.StatObject(ctx, s.bucket, s.prefix+e.Name, minio.StatObjectOptions{})
	if err != nil {
		return e, s.fault(err)
	}
	e.Size, e.Version = object.Size, bare(object.ETag) // its time is less precise than the list's
	return e, nil
}

// Open reads an object from offset on, as long as it is still e's version.
func (s *Server) Open(ctx context.Context, e source.Entry, offset int64) (io.ReadCloser, error) {
	var o minio.GetObjectOptions
	if e.Version != "" {
		if err := o.SetMatchETag(e.Version); err != nil {
			return nil, fmt.Errorf("s3: %w", err)
		}
	}
	if offset > 0 {
		if err := o.SetRange(offset, 0); err != nil {
			return nil, fmt.Errorf("s3: %w", err)
		}
	}
	core := minio.Core{Client: s.client}
	body, _, _, err := core.GetObject(ctx, s.bucket, s.prefix+e.Name, o)
	if err != nil {
		return nil, s.fault(err)
	}
	return body, nil
}
