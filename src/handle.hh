#pragma once
// Owners for C objects: std::unique_ptr with the release function in its type. They adopt one
// reference and never add one.
#include <glib-object.h>

#include <memory>

template <auto release> struct Release {
    template <class T> void operator()(T* object) const noexcept { release(object); }
};

template <class T, auto release> using Handle = std::unique_ptr<T, Release<release>>;

template <class T> using GObjectHandle = Handle<T, g_object_unref>;
using GString8 = Handle<char, g_free>; // a string that GLib or GMime allocated
