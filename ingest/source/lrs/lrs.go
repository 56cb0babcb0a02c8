// Package lrs reads the statements of a learning record store (xAPI 1.0.3, part 3,
// sections 2.1.3 and 2.5; adlnet/xAPI-Spec) as deliveries: one window of the time at
// which statements were stored is one file of statements, one on each line.
//
//	GET <endpoint>/statements?since=<from>&until=<to>&ascending=true&attachments=false
//	X-Experience-API-Version: 1.0.3
//
// since is exclusive and until inclusive there, so that windows that follow one another
// share no statement and miss none. A store answers with a page and says in more where
// the next one is, until there is none; a more that leads to another server, back to a
// page already read, or on without end, is a fault. A store that says in
// X-Experience-API-Consistent-Through that it does not yet have all of the window is
// asked again later. A page is decoded as it comes, one statement at a time.
package lrs

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/entscope/entscope/ingest/source"
	"github.com/entscope/entscope/ingest/source/https"
)

// Version is what is asked for; stores of 2.0 answer it too.
const Version = "1.0.3"

const (
	// maxPage bounds the bytes of a page, and so what one statement may take.
	maxPage = 64 << 20
	// maxPages bounds a window.
	maxPages = 1_000_000
)

// Server is a learning record store.
type Server struct {
	*source.Windows
	base   *url.URL
	client *https.Client
}

// Dial prepares the store of r; nothing is sent yet.
func Dial(r source.Remote) (*Server, error) {
	u, err := url.Parse(r.URL)
	if err != nil || u.Host == "" {
		return nil, errors.New("lrs: not an address")
	}
	client, err := https.NewClient(r)
	if err != nil {
		return nil, err
	}
	s := &Server{base: u, client: client}
	s.Windows = source.NewWindows(r, "statements", s.pages)
	return s, nil
}

// Close closes idle connections.
func (s *Server) Close() error { return s.client.Close() }

// pages writes the statements of a window, page by page.
func (s *Server) pages(ctx context.Context, w source.Window, out *bufio.Writer) error {
	at := s.first(w)
	seen := map[string]bool{}
	for range maxPages {
		seen[at.String()] = true
		more, err := s.page(ctx, at, w, out)
		if err != nil || more == "" {
			return err
		}
		if at, err = s.next(more); err != nil {
			return err
		}
		if seen[at.String()] {
			return s.fault("more leads back to a page already read")
		}
	}
	return s.fault("more than %d pages in a window", maxPages)
}

// first is the address of the first page of a window.
func (s *Server) first(w source.Window) *url.URL {
	u := *s.base
	u.Path, u.RawPath = strings.TrimSuffix(u.Path, "/")+"/statements", ""
	u.RawQuery = url.Values{
		"since": {w.From.UTC().Format(time.RFC3339Nano)}, "until": {w.To.UTC().Format(time.RFC3339Nano)},
		"ascending": {"true"}, "attachments": {"false"},
	}.Encode()
	return &u
}

// next is the address of a further page, on the same server.
func (s *Server) next(more string) (*url.URL, error) {
	u, err := s.base.Parse(more)
	if err != nil {
		return nil, s.fault("more is not an address")
	}
	if u.Host != s.base.Host || u.Scheme != s.base.Scheme || u.User != nil {
		return nil, s.fault("more leads to another server")
	}
	return u, nil
}

// page writes the statements of one page and returns its more.
func (s *Server) page(ctx context.Context, at *url.URL, w source.Window, out *bufio.Writer) (more string, err error) {
	header := http.Header{"X-Experience-Api-Version": {Version}, "Accept": {"application/json"}}
	response, err := s.client.Do(ctx, http.MethodGet, at, header, http.StatusOK)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	if text := response.Header.Get("X-Experience-API-Consistent-Through"); text != "" {
		through, err := time.Parse(time.RFC3339, text)
		if err == nil && through.Before(w.To) {
			return "", fmt.Errorf("lrs: %s: %w: it has the window only through %s", s.base.Host, source.ErrTemporary,
				through.UTC().Format(time.RFC3339))
		}
	}
	body := &io.LimitedReader{R: response.Body, N: maxPage}
	more, err = s.statements(json.NewDecoder(body), out)
	if body.N <= 0 {
		return "", s.fault("a page of more than %d MiB", maxPage>>20)
	}
	return more, err
}

// statements writes the statements of a StatementResult, one on each line. A page that
// ends before its brace is a transfer that broke off.
func (s *Server) statements(d *json.Decoder, out *bufio.Writer) (more string, err error) {
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return "", s.broken(err)
	}
	found := false
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return "", s.broken(err)
		}
		switch key {
		case "statements":
			found = true
			err = s.array(d, out)
		case "more":
			err = d.Decode(&more)
		default:
			var other json.RawMessage
			err = d.Decode(&other)
		}
		if err != nil {
			return "", s.broken(err)
		}
	}
	if _, err := d.Token(); err != nil {
		return "", s.broken(err)
	}
	if !found { // silence is not "none": a page of an error would be an empty window
		return "", s.fault("a page without statements")
	}
	return more, nil
}

// array writes the statements of an array.
func (s *Server) array(d *json.Decoder, out *bufio.Writer) error {
	if t, err := d.Token(); err != nil || t != json.Delim('[') {
		return s.broken(err)
	}
	var compact bytes.Buffer
	for d.More() {
		var statement json.RawMessage
		if err := d.Decode(&statement); err != nil {
			return err
		}
		compact.Reset()
		if err := json.Compact(&compact, statement); err != nil {
			return err
		}
		compact.WriteByte('\n')
		if _, err := out.Write(compact.Bytes()); err != nil {
			return err
		}
	}
	_, err := d.Token()
	return err
}

// broken is a fault of the body; what JSON says of it may quote it.
func (s *Server) broken(err error) error {
	switch fault := source.Fault(err); {
	case errors.Is(err, source.ErrServer), errors.Is(err, io.ErrClosedPipe):
		return err
	case err != nil && errors.Is(fault, source.ErrTemporary):
		return fmt.Errorf("lrs: %s: %w", s.base.Host, source.ErrTemporary)
	}
	return s.fault("not a page of statements")
}

// fault is an answer that is no use.
func (s *Server) fault(format string, args ...any) error {
	return fmt.Errorf("lrs: %s: %w: "+format, append([]any{s.base.Host, source.ErrServer}, args...)...)
}
